import { isBlank, type Line } from './lines.ts';
import type { RstProblem } from './nodes.ts';
import { plainText } from './text.ts';

export interface Title {
  readonly text: string;
  /** Of the text itself, not of the line above it. */
  readonly line: number;
  /** The character of the lines, twice where one stands above as well. */
  readonly style: string;
  /** How many lines it takes. */
  readonly height: number;
}

const RULE = /^([!-/:-@[-`{-~])\1*$/;
/** Shorter ones are read as text, as docutils does. */
const SHORTEST = 4;

const isRule = (line: Line | undefined): boolean => line !== undefined && RULE.test(line.text);

/** The title that begins at that line, if one does. Titles stand at the margin after a blank line or at the top. */
export function titleAt(lines: readonly Line[], at: number, problems: RstProblem[]): Title | null {
  if (!isBlank(lines[at - 1]) || isBlank(lines[at])) return null;
  return isRule(lines[at]) ? overlined(lines, at, problems) : underlined(lines, at, problems);
}

function underlined(lines: readonly Line[], at: number, problems: RstProblem[]): Title | null {
  const [title, under] = [lines[at], lines[at + 1]];
  if (title === undefined || under === undefined || !isRule(under) || title.text.startsWith(' ')) return null;
  if (under.text === '::' || under.text === '..' || isListed(title.text)) return null;
  if (!isWideEnough(title.text, under, problems)) return null;
  return { text: plainText(title.text), line: title.number, style: under.text.charAt(0), height: 2 };
}

function overlined(lines: readonly Line[], at: number, problems: RstProblem[]): Title | null {
  const [over, title, under] = [lines[at], lines[at + 1], lines[at + 2]];
  if (over === undefined || title === undefined || isBlank(title) || isRule(title)) return null;
  if (
    over.text.length < Math.min(SHORTEST, title.text.trim().length) ||
    /^[.:|]/.test(over.text) ||
    isTableHead(over, lines, at)
  )
    return null;
  if (under === undefined || !isRule(under) || under.text.charAt(0) !== over.text.charAt(0)) {
    const what = `The line above “${title.text.trim()}” has no matching line below it, so it is no title.`;
    problems.push({ severity: 'error', line: over.number, what });
    return null;
  }
  if (over.text.length !== under.text.length) {
    const what = `The lines above and below the title “${title.text.trim()}” differ in length; it was read as a title.`;
    problems.push({ severity: 'note', line: over.number, what });
  } else isWideEnough(title.text.trim(), under, problems);
  return { text: plainText(title.text), line: title.number, style: over.text.charAt(0).repeat(2), height: 3 };
}

/** A letter with its accents is one column wide. */
const columnsOf = (text: string): number => Array.from(text.normalize('NFC').replaceAll(/\p{M}/gu, '')).length;

function isWideEnough(title: string, under: Line, problems: RstProblem[]): boolean {
  if (under.text.length >= columnsOf(title)) return true;
  if (under.text.length < SHORTEST) {
    const what = `The line under “${title}” is too short to make it a title, so the section has none.`;
    problems.push({ severity: 'error', line: under.number, what });
    return false;
  }
  const what = `The line under the title “${title}” is shorter than the title; it was read as a title.`;
  problems.push({ severity: 'note', line: under.number, what });
  return true;
}

/** A list item is no title, whatever stands below it; nor is a directive. */
const isListed = (text: string): boolean => /^([-*+•] |\.\. |:[^:]+:( |$)|\d+[.)] |#\. )/.test(text);

/** A simple table with one column begins with a rule as well: a second rule follows only after its rows. */
const isTableHead = (over: Line, lines: readonly Line[], at: number): boolean =>
  over.text.startsWith('=') &&
  lines[at + 2] !== undefined &&
  !isRule(lines[at + 2]) &&
  isSimpleTable(lines, at, over.text);

function isSimpleTable(lines: readonly Line[], at: number, rule: string): boolean {
  for (let next = at + 2; next < lines.length && !isBlank(lines[next]); next++)
    if (lines[next]?.text === rule) return true;
  return false;
}
