import type { Row } from '../../store.ts';
import { findField, type Entity, type Field } from '../entities.ts';
import { badRequest } from '../errors.ts';
import { osloOffset } from '../time.ts';
import type { Moment } from './lexer.ts';
import type { CompareOp, Expression, FunctionName, Literal } from './parser.ts';

export type Comparable = string | number | boolean | null;
type ValueType = 'text' | 'number' | 'boolean' | 'moment' | 'null';
type Value = (row: Row) => Comparable;

/** How a `$filter` looks at one entity's moments; decided by the switches. */
export type StampReading = 'digits' | 'instant' | 'true';

export interface Reading {
  readonly entity: Entity;
  readonly stamps: StampReading;
}

interface Operand {
  readonly type: ValueType;
  readonly value: Value;
  /** Set for a property: a literal compared with it is read its way. */
  readonly field?: Field;
  readonly literal?: Literal;
}

export function compileFilter(expression: Expression, reading: Reading): (row: Row) => boolean {
  const { type, value } = compile(expression, reading);
  if (type !== 'boolean' && type !== 'null') throw badRequest('The filter is not a condition.');
  return (row) => value(row) === true;
}

export function requireField(entity: Entity, name: string): Field {
  const field = findField(entity, name);
  if (field === undefined) throw badRequest(`Could not find a property named '${name}' on type '${entity.name}'.`);
  return field;
}

function compile(expression: Expression, reading: Reading): Operand {
  switch (expression.kind) {
    case 'literal':
      return compileLiteral(expression.literal);
    case 'property':
      return compileProperty(expression.name, reading);
    case 'call':
      return compileCall(expression.name, expression.args, reading);
    case 'compare':
      return compileCompare(
        expression.op,
        compile(expression.left, reading),
        compile(expression.right, reading),
        reading,
      );
    case 'in':
      return compileIn(compile(expression.left, reading), expression.choices, reading);
    case 'not': {
      const inner = compileFilter(expression.inner, reading);
      return { type: 'boolean', value: (row) => !inner(row) };
    }
    case 'and':
    case 'or':
      break;
  }
  const left = compileFilter(expression.left, reading);
  const right = compileFilter(expression.right, reading);
  const both = expression.kind === 'and';
  return { type: 'boolean', value: (row) => (both ? left(row) && right(row) : left(row) || right(row)) };
}

function compileLiteral(literal: Literal): Operand {
  if (literal.type === 'null') return { type: 'null', value: () => null, literal };
  const constant = literal.type === 'moment' ? literal.value.instant : literal.value;
  return { type: literal.type, value: () => constant, literal };
}

function compileProperty(name: string, { entity, stamps }: Reading): Operand {
  const field = requireField(entity, name);
  return { type: VALUE_TYPES[field.type], value: getter(field, entity, stamps), field };
}

const VALUE_TYPES: Readonly<Record<Field['type'], ValueType>> = {
  text: 'text',
  int: 'number',
  decimal: 'number',
  bool: 'boolean',
  wall: 'moment',
  stamp: 'moment',
};

function getter(field: Field, entity: Entity, stamps: StampReading): Value {
  const { name, type } = field;
  if (type === 'wall') return (row) => momentOf(row.data[name], true);
  if (type !== 'stamp') return (row) => toComparable(row.data[name]);
  const shown = entity.clock === 'quirk' && stamps === 'instant';
  return (row) => {
    const at = name === 'SistEndretDato' ? row.at : momentOf(row.data[name], false);
    return at !== null && shown ? at - osloOffset(at) : at;
  };
}

export function toComparable(value: unknown): Comparable {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

function momentOf(value: unknown, isWall: boolean): number | null {
  if (typeof value !== 'string') return null;
  const ms = Date.parse(isWall ? `${value}Z` : value);
  return Number.isNaN(ms) ? null : ms;
}

/** The number a moment in the filter is worth beside this property. */
export function momentFor(field: Field, moment: Moment, { entity, stamps }: Reading): number {
  const byDigits = field.type === 'wall' ? entity.wallOffset : entity.clock === 'quirk' && stamps === 'digits';
  return byDigits ? moment.digits : moment.instant;
}

function compileCompare(op: CompareOp, left: Operand, right: Operand, reading: Reading): Operand {
  if (left.type !== right.type && left.type !== 'null' && right.type !== 'null')
    throw incompatible(left.type, right.type);
  const a = beside(left, right, reading);
  const b = beside(right, left, reading);
  return { type: 'boolean', value: (row) => compares(op, a(row), b(row)) };
}

function incompatible(left: ValueType, right: ValueType): Error {
  return badRequest(`A binary operator with incompatible types was detected: '${left}' and '${right}'.`);
}

function beside(operand: Operand, other: Operand, reading: Reading): Value {
  if (operand.literal?.type !== 'moment' || other.field === undefined) return operand.value;
  const ms = momentFor(other.field, operand.literal.value, reading);
  return () => ms;
}

/** Nothing is greater or less than null, so a row without a stamp never matches `gt` (Q16). */
function compares(op: CompareOp, a: Comparable, b: Comparable): boolean {
  if (op === 'eq') return a === b;
  if (op === 'ne') return a !== b;
  if (a === null || b === null) return false;
  if (op === 'gt') return a > b;
  if (op === 'ge') return a >= b;
  return op === 'lt' ? a < b : a <= b;
}

function compileIn(left: Operand, choices: readonly Literal[], reading: Reading): Operand {
  const values = new Set(
    choices.map((choice) => {
      const operand = compileLiteral(choice);
      if (operand.type !== left.type && operand.type !== 'null') throw incompatible(left.type, operand.type);
      return literalBeside(left, choice, reading);
    }),
  );
  return { type: 'boolean', value: (row) => values.has(left.value(row)) };
}

function literalBeside(left: Operand, literal: Literal, reading: Reading): Comparable {
  if (literal.type === 'null') return null;
  if (literal.type !== 'moment') return literal.value;
  return left.field === undefined ? literal.value.instant : momentFor(left.field, literal.value, reading);
}

const TEXT_FUNCTIONS: Readonly<Record<FunctionName, { type: ValueType; act: (a: string, b: string) => Comparable }>> = {
  startswith: { type: 'boolean', act: (a, b) => a.startsWith(b) },
  endswith: { type: 'boolean', act: (a, b) => a.endsWith(b) },
  contains: { type: 'boolean', act: (a, b) => a.includes(b) },
  tolower: { type: 'text', act: (a) => a.toLowerCase() },
  toupper: { type: 'text', act: (a) => a.toUpperCase() },
  trim: { type: 'text', act: (a) => a.trim() },
  length: { type: 'number', act: (a) => a.length },
};

function compileCall(name: FunctionName, args: readonly Expression[], reading: Reading): Operand {
  const operands = args.map((arg) => compile(arg, reading));
  if (operands.some(({ type }) => type !== 'text')) throw badRequest(`The function '${name}' takes texts.`);
  const { type, act } = TEXT_FUNCTIONS[name];
  return {
    type,
    value: (row) => {
      const texts = operands.map(({ value }) => value(row));
      return texts.some((text) => typeof text !== 'string') ? null : act(String(texts[0]), String(texts[1] ?? ''));
    },
  };
}
