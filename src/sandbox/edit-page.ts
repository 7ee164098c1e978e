import { certain } from './certain.ts';
import {
  addOutside,
  changeOutside,
  findKind,
  findRow,
  removeOutside,
  type Doors,
  type FormField,
  type KindDoor,
} from './outside.ts';
import { isObject, type JsonObject } from './json.ts';
import { Refusal, textOf, type Answer, type Ask } from './messages.ts';
import type { Data, Row } from './store.ts';

const PAGE = 50;
const NEW = '+new';

/** Plain pages on which a person finds a record and edits it, as if sitting at the system itself. */
export function editPages(doors: Doors, ask: Ask, [name, id, action]: readonly string[]): Answer {
  const kind = name === undefined ? certain(doors.kinds[0]) : findKind(doors, name);
  if (ask.method === 'POST') return act(doors, ask, kind, id, action);
  if (id === undefined) return listPage(doors, ask, kind);
  return formPage(doors, kind, id === NEW ? null : findRow(kind, id), '');
}

function act(doors: Doors, ask: Ask, kind: KindDoor, id: string | undefined, action: string | undefined): Answer {
  const form = new URLSearchParams(ask.body);
  const row = id === NEW ? null : findRow(kind, id);
  try {
    if (row === null) return goTo(kind, addOutside(doors, ask, kind, patchFrom(kind, {}, form)));
    if (action === 'delete') {
      removeOutside(doors, ask, kind, row);
      return goTo(kind, null);
    }
    return goTo(kind, changeOutside(doors, ask, kind, row, patchFrom(kind, row.data, form)));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return formPage(doors, kind, row, textOf(error.answer) || 'Refused.', 400);
  }
}

function goTo(kind: KindDoor, row: Row | null): Answer {
  const rest = row === null ? '' : `/${encodeURIComponent(row.key)}?saved`;
  return { status: 303, headers: { location: `/_sandbox/edit/${kind.name}${rest}` } };
}

/** Only what the person changed: an untouched empty box must not turn null into text. */
function patchFrom(kind: KindDoor, data: Data, form: URLSearchParams): JsonObject {
  const patch: JsonObject = {};
  const isNew = Object.keys(data).length === 0;
  for (const field of kind.fields.filter((f) => isNew || !f.readOnly)) {
    const sent = form.get(field.path.join('.'));
    const text = field.type === 'bool' ? String(sent !== null) : (sent ?? '');
    if (text.replaceAll('\r\n', '\n') !== asText(field, valueAt(data, field.path)))
      put(patch, field.path, parsed(field, text));
  }
  return patch;
}

function parsed(field: FormField, text: string): unknown {
  if (field.type === 'bool') return text === 'true';
  if (text === '') return null;
  const number = Number(text);
  return field.type === 'number' && !Number.isNaN(number) ? number : text;
}

function put(patch: JsonObject, [outer, inner]: FormField['path'], value: unknown): void {
  if (inner === undefined) patch[outer] = value;
  else patch[outer] = { ...(isObject(patch[outer]) ? patch[outer] : {}), [inner]: value };
}

function valueAt(data: Data, [outer, inner]: FormField['path']): unknown {
  const value = data[outer];
  if (inner === undefined) return value;
  return isObject(value) ? value[inner] : undefined;
}

function asText(field: FormField, value: unknown): string {
  if (field.type === 'bool') return String(value === true);
  return plain(value);
}

function plain(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function listPage(doors: Doors, ask: Ask, kind: KindDoor): Answer {
  const find = ask.query.get('q') ?? '';
  const page = Math.max(1, Math.trunc(Number(ask.query.get('page') ?? 1)) || 1);
  const { rows, more } = search(kind, find, page);
  const head = kind.listed.map((path) => `<th scope="col">${escape(path.join(' '))}</th>`).join('');
  const body = rows.map((row) => listRow(kind, row)).join('\n');
  const turn = (to: number, label: string): string =>
    `<a href="/_sandbox/edit/${kind.name}?${escape(new URLSearchParams({ q: find, page: String(to) }).toString())}">${label}</a>`;
  return html(
    doors,
    kind,
    `<form method="get" action="/_sandbox/edit/${kind.name}" role="search">
<label>Find <input type="search" name="q" value="${escape(find)}"></label> <button>Search</button>
<a href="/_sandbox/edit/${kind.name}/${NEW}">New record</a></form>
${rows.length === 0 ? '<p>Nothing found.</p>' : `<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`}
<p class="turn">${page > 1 ? turn(page - 1, '‹ Back') : ''} Page ${page} ${more ? turn(page + 1, 'On ›') : ''}</p>`,
  );
}

function search(kind: KindDoor, find: string, page: number): { rows: Row[]; more: boolean } {
  const words = find.toLowerCase().split(/\s+/).filter(Boolean);
  const rows: Row[] = [];
  let skip = (page - 1) * PAGE;
  for (const row of kind.store.inOrder()) {
    if (!holdsAll(kind, row, words) || skip-- > 0) continue;
    rows.push(row);
    if (rows.length > PAGE) break;
  }
  return { rows: rows.slice(0, PAGE), more: rows.length > PAGE };
}

function holdsAll(kind: KindDoor, { key, data }: Row, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text = [key, ...kind.listed.map((path) => plain(valueAt(data, path)))].join(' ').toLowerCase();
  return words.every((word) => text.includes(word));
}

function listRow(kind: KindDoor, { key, data }: Row): string {
  const cells = kind.listed.map((path, at) => {
    const text = escape(plain(valueAt(data, path)));
    return at === 0
      ? `<th scope="row"><a href="/_sandbox/edit/${kind.name}/${encodeURIComponent(key)}">${text || escape(key)}</a></th>`
      : `<td>${text}</td>`;
  });
  return `<tr>${cells.join('')}</tr>`;
}

function formPage(doors: Doors, kind: KindDoor, row: Row | null, problem: string, status = 200): Answer {
  const data = row?.data ?? {};
  const action = `/_sandbox/edit/${kind.name}/${row === null ? NEW : encodeURIComponent(row.key)}`;
  const boxes = kind.fields.map((field) => box(field, valueAt(data, field.path), row === null)).join('\n');
  const remove = `<form method="post" action="${action}/delete"><button class="grave">Delete this record</button></form>`;
  return html(
    doors,
    kind,
    `<h2>${escape(row === null ? `New ${kind.name}` : `${kind.name} ${row.key}`)}</h2>
${problem === '' ? '' : `<p role="alert">${escape(problem)}</p>`}
<form method="post" action="${action}" class="record">${boxes}<p><button>Save</button></p></form>
${row === null ? '' : remove}`,
    status,
  );
}

function box(field: FormField, value: unknown, isNew: boolean): string {
  const name = escape(field.path.join('.'));
  const locked = field.readOnly && !isNew ? ' readonly' : '';
  if (field.type === 'bool') {
    return `<label><span>${name}</span><input type="checkbox" name="${name}"${value === true ? ' checked' : ''}></label>`;
  }
  const input = field.type === 'number' ? ' inputmode="decimal"' : '';
  return `<label><span>${name}</span><input name="${name}" value="${escape(plain(value))}"${input}${locked} autocomplete="off"></label>`;
}

export function escape(value: unknown): string {
  const marks: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return String(value).replaceAll(/[&<>"']/g, (mark) => marks[mark] ?? mark);
}

const STYLE = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}body{max-width:70rem;margin:0 auto;padding:1rem}
header{display:flex;flex-wrap:wrap;gap:1rem;align-items:baseline;border-bottom:1px solid;margin-bottom:1rem}
nav{display:flex;flex-wrap:wrap;gap:.75rem}nav [aria-current]{font-weight:700;text-decoration:none}
table{border-collapse:collapse;width:100%;margin-top:1rem}th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid #8886}
tbody th{font-weight:400}.record{display:grid;grid-template-columns:repeat(auto-fill,minmax(18rem,1fr));gap:.6rem 1.2rem}
.record span{display:block;font-size:.85rem}.record p{grid-column:1/-1}.record input:not([type=checkbox]){width:100%;box-sizing:border-box}
input,button{font:inherit;padding:.3rem .5rem}input[readonly]{opacity:.65}.grave{color:light-dark(#a00,#f88)}.turn{display:flex;gap:1rem}`;

function html(doors: Doors, current: KindDoor, content: string, status = 200): Answer {
  const tabs = doors.kinds.map(({ name }) => {
    return `<a href="/_sandbox/edit/${name}"${name === current.name ? ' aria-current="page"' : ''}>${name}</a>`;
  });
  const body = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(doors.title)} (simulated): ${escape(current.name)}</title><style>${STYLE}</style></head><body>
<header><h1>${escape(doors.title)} <small>simulated</small></h1><nav aria-label="Kinds">${tabs.join(' ')}</nav></header>
<main>${content}</main></body></html>`;
  const policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'";
  return { status, type: 'text/html; charset=utf-8', headers: { 'content-security-policy': policy }, body };
}
