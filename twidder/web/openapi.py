"""OpenAPI 3.1, generated from the declarations of the routes, and a page to read it."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from flask import Blueprint, Response, render_template

from twidder import __version__
from twidder.errors import TABLE
from twidder.web.api import PREFIX, Operation

_PATH_PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
_ID = {"type": "integer", "minimum": 0, "maximum": 10**18 - 1}
_NAME = {"type": "string", "minLength": 1, "maxLength": 64}
_FORM = {
    "type": "object",
    "properties": {"file": {"type": "string", "contentMediaType": "application/octet-stream"}},
    "required": ["file"],
}


class Problem(msgspec.Struct):
    """RFC 9457. ``code`` is stable; ``field`` names the wrong field; ``retry_ms``: when trying again can succeed."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    field: str | msgspec.UnsetType = msgspec.UNSET
    retry_ms: int | msgspec.UnsetType = msgspec.UNSET


def describe(operations: list[Operation]) -> dict[str, Any]:
    structs = {kind for operation in operations for kind in (operation.body, operation.answer) if kind}
    structs = (structs - {bytes}) | {Problem}
    ordered = sorted(structs, key=lambda kind: kind.__name__)
    schemas, components = msgspec.json.schema_components(ordered, ref_template="#/components/schemas/{name}")
    for component in components.values():
        component["description"] = _plain(component.get("description", ""))
    schema_of = dict(zip(ordered, schemas, strict=True))
    paths: dict[str, Any] = {}
    for operation in operations:
        path = PREFIX + _PATH_PARAMETER.sub(r"{\2}", operation.path)
        paths.setdefault(path, {})[operation.method.lower()] = _describe_operation(operation, schema_of)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Twidder", "version": __version__, "description": "Walls, people and one valid session."},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _describe_operation(operation: Operation, schema_of: dict[Any, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.view.__name__,
        "summary": _plain((operation.view.__doc__ or "").split("\n\n")[0]),
        "parameters": _path_parameters(operation.path) + _query_parameters(operation.query),
        "responses": {
            **{str(status): _answer(operation.answer, schema_of) for status in operation.statuses},
            "default": {
                "description": "A problem",
                "content": {"application/problem+json": {"schema": schema_of[Problem]}},
            },
        },
    }
    if operation.who != "anybody":
        described["security"] = [{"token": []}]
    if operation.body is not None:
        content = {"application/json": {"schema": schema_of[operation.body]}}
        described["requestBody"] = {"required": True, "content": content}
    if operation.raw is not None:
        described["requestBody"] = {"required": True, "content": dict(operation.raw)}
    if operation.uploads:
        described["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": _FORM}}}
    return described


def _plain(docstring: str) -> str:
    """A docstring as a sentence: on one line, without its marks."""
    return " ".join(docstring.replace("``", "").split())


def _answer(answer: Any, schema_of: dict[Any, Any]) -> dict[str, Any]:
    if answer is None:
        return {"description": "Done"}
    if answer is bytes:
        return {"description": "The file", "content": {"*/*": {}}}
    return {"description": answer.__name__, "content": {"application/json": {"schema": schema_of[answer]}}}


def _path_parameters(path: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": _ID if kind == "id" else _NAME}
        for kind, name in _PATH_PARAMETER.findall(path)
    ]


def _query_parameters(query: type | None) -> list[dict[str, Any]]:
    if query is None:
        return []
    (_,), components = msgspec.json.schema_components([query])
    properties = components[query.__name__]["properties"]
    return [{"name": name, "in": "query", "schema": _without_null(schema)} for name, schema in properties.items()]


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """In an address, leaving a parameter out is how one says null."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    return kinds[0] if kinds else {key: value for key, value in schema.items() if value is not None}


def blueprint(operations: list[Operation]) -> Blueprint:
    document = describe(operations)
    encoded = msgspec.json.encode(document)
    pages = Blueprint("openapi", __name__, url_prefix=PREFIX, template_folder="templates")

    @pages.get("/openapi.json")
    def openapi_json() -> Response:
        return Response(encoded, mimetype="application/json")

    @pages.get("/docs")
    def docs() -> str:
        return render_template("docs.html", document=document, errors=TABLE)

    return pages
