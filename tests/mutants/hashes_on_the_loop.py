"""Compares passwords where everybody waits for it (R9)."""

from twidder.cli import main
from twidder.web.bridge import Job, Lane, call_wsgi

if __name__ == "__main__":
    put = Lane.put

    def put_or_run(self: Lane, job: Job) -> None:
        if job.environ["PATH_INFO"] == "/api/v1/session" and job.environ["REQUEST_METHOD"] == "POST":
            job.resolve(call_wsgi(self._wsgi, job.environ), None)
        else:
            put(self, job)

    Lane.put = put_or_run  # type: ignore[method-assign]
    main()
