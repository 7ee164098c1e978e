/** What a spreadsheet would take as a formula, or as the start of one, when a cell begins with it. */
const FORMULA = /^[=+\-@\t\r]/;
const NEEDS_QUOTES = /["\r\n,;]/;

function cellText(value: string): string {
  // The apostrophe makes a text of it; a spreadsheet does not show it.
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * Rows as CSV that a spreadsheet opens as it is meant: with a byte order mark, so that æøå stay, and with no cell that
 * is run as a formula (OWASP: a value that begins with = + - @, tab or CR).
 */
export const csvText = (rows: readonly (readonly string[])[]): string =>
  `\uFEFF${rows.map((row) => row.map(cellText).join(',')).join('\r\n')}\r\n`;

/** Hands a text to the person as a file. */
export function saveAsFile(name: string, text: string, type: string): void {
  saveBlob(name, new Blob([text], { type }));
}

export function saveBlob(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
