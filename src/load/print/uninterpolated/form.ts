import type { Form } from '../../merge/form.ts'
import { isNull, textOf } from '../../tree/nodes.ts'
import type { Rule } from '../../tree/rewrite.ts'
import { LONG_SYNTAX } from './long-syntax.ts'
import { UNINTERPOLATED_MERGERS, UNINTERPOLATED_UNIQUE } from './merge.ts'

/** For `config --no-interpolate`. */
export const UNINTERPOLATED_FORM: Form = {
  fillsIn: false,
  canonical: LONG_SYNTAX,
  mergers: UNINTERPOLATED_MERGERS,
  unique: UNINTERPOLATED_UNIQUE,
  settle: ({ normalize }) => (normalize === false ? {} : { 'services.*.build.args': withoutNames }),
}

/** `docker compose` omits build arguments without a value. */
const withoutNames: Rule = (args) => {
  if (args.kind === 'seq')
    return { ...args, items: args.items.filter((item) => item.kind !== 'scalar' || textOf(item).includes('=')) }
  if (args.kind !== 'map') return args
  return { ...args, entries: new Map([...args.entries].filter(([, { value }]) => !isNull(value))) }
}
