import { contextRules } from '../../merge/canonical-form.ts'
import type { Scope } from '../../merge/context.ts'
import type { Form } from '../../merge/form.ts'
import { isNull, textOf } from '../../tree/nodes.ts'
import type { Rule, Rules } from '../../tree/rewrite.ts'
import { documentAsWritten } from './document.ts'
import { MERGERS_AS_WRITTEN, UNIQUE_AS_WRITTEN } from './merge.ts'

/** What `config --no-interpolate` works with. */
export const FORM_AS_WRITTEN: Form = {
  document: documentAsWritten,
  mergers: MERGERS_AS_WRITTEN,
  unique: UNIQUE_AS_WRITTEN,
  settle,
}

function settle(scope: Scope): Rules {
  if (scope.options.normalize === false) return contextRules(scope)
  return { ...contextRules(scope), 'services.*.build.args': withoutNames }
}

/** `docker compose` leaves arguments of a build out that stand without a value. */
const withoutNames: Rule = (args) => {
  if (args.kind === 'seq')
    return { ...args, items: args.items.filter((item) => item.kind !== 'scalar' || textOf(item).includes('=')) }
  if (args.kind !== 'map') return args
  return { ...args, entries: new Map([...args.entries].filter(([, { value }]) => !isNull(value))) }
}
