import type { Page, PagePart } from './page.ts';

/** A page as one HTML file with nothing outside it: light and dark, and made for paper. Every text is escaped. */
export function writeHtml({ language, title, sections }: Page): string {
  const body = [
    `<h1>${escaped(title)}</h1>`,
    ...sections.map(
      (section) =>
        `<section>\n<h2>${escaped(section.title)}</h2>\n${section.parts.map(partHtml).join('\n')}\n</section>`,
    ),
  ];
  return `<!doctype html>
<html lang="${escaped(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${body.join('\n')}
</main>
</body>
</html>
`;
}

function partHtml(part: PagePart): string {
  if (part.kind === 'lines') return `<p>${part.lines.map(escaped).join('<br>')}</p>`;
  const head = part.head.map((cell) => `<th scope="col">${escaped(cell)}</th>`).join('');
  const rows = part.rows.map((row) => `<tr>${row.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`);
  // Wide tables are scrolled; the keyboard must reach what it is to scroll (WCAG 2.1.1).
  return `<div class="wide" role="region" tabindex="0" aria-label="${escaped(part.head[0] ?? '')}"><table>
<thead><tr>${head}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table></div>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (char) => ENTITIES[char] ?? char);

const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --line: #d0d7de; --band: #f6f8fa; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --line: #30363d; --band: #161b22; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 78rem; margin: 0 auto; padding: 2rem 1rem; }
h1 { font-size: 1.7rem; } h2 { font-size: 1.2rem; margin-top: 2.2rem; border-bottom: 1px solid var(--line); padding-bottom: .3rem; }
.wide { overflow-x: auto; }
.wide + .wide { margin-top: 1.25rem; }
table { border-collapse: collapse; width: 100%; font-size: 13px; }
th, td { border: 1px solid var(--line); padding: .3rem .5rem; text-align: left; vertical-align: top; overflow-wrap: break-word; }
th { background: var(--band); }
@media print {
  :root { --ink: #000; --paper: #fff; --line: #999; --band: #eee; }
  @page { size: A4 landscape; margin: 12mm; }
  main { max-width: none; padding: 0; } table { font-size: 8pt; } .wide { overflow: visible; }
  thead { display: table-header-group; } tr { break-inside: avoid; } h2 { break-after: avoid; }
}`;
