/** Files that are made in the page. */

/** A spreadsheet takes these at the start of a cell for the beginning of a formula. */
const FORMULA = /^[=+\-@\t\r]/;

export function toCsv(rows) {
  const cell = (value) => {
    const text = FORMULA.test(value) ? `'${value}` : String(value ?? "");
    return /[",\r\n;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

/** With the mark that makes Excel read UTF-8. */
export function download(name, text, type = "text/csv") {
  const url = URL.createObjectURL(new Blob([type === "text/csv" ? "\ufeff" + text : text], { type: `${type};charset=utf-8` }));
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
