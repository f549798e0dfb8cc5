import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { error, warning } from '../../src/diagnostics/diagnostic.ts'
import { foreign } from '../../src/diagnostics/foreign.ts'
import type { RunEvent } from '../../src/execute/event.ts'
import type { Verb } from '../../src/plan/step.ts'
import { createView } from '../../src/view/view.ts'
import { virtualClock } from '../support/clock.ts'
import { golden } from './golden.ts'
import { FAILURE, INTERRUPTED, NOTHING, RECORDINGS, RECREATE, SECRET, SUCCESS } from './recordings.ts'
import { FACTS, MODES, show, terminalOf } from './support.ts'

for (const [name, events] of Object.entries(RECORDINGS)) {
  for (const mode of MODES) {
    test(`${name} in the ${mode} view ends as recorded`, async () => {
      const { screen, raw } = await show(mode, events)
      golden(import.meta.dirname, `${name}.${mode}.txt`, mode === 'tree' ? screen.text : raw)
    })

    test(`${name} in the ${mode} view gives no secret away and leaves standard output alone`, async () => {
      const { raw, out } = await show(mode, events, 200)
      assert.not.match(raw, SECRET)
      assert.is(out, '')
    })
  }
}

test('every view but the quiet one prints the notes of plans and the warnings of steps', async () => {
  for (const events of Object.values(RECORDINGS)) {
    const warnings = events.flatMap((event) =>
      event.type === 'plan' ? event.notes : event.type === 'step-warning' ? [event.problem] : [],
    )
    for (const mode of MODES.filter((each) => each !== 'quiet')) {
      const { raw } = await show(mode, events, 200)
      for (const { message } of warnings) assert.ok(unspaced(raw).includes(ownWords(message)), `${mode}: ${message}`)
    }
  }
})

/** The first words of a problem, before those that may be masked. */
function ownWords(message: string): string {
  return unspaced(message.slice(0, message.search(/[\ufdd0-\ufdef]|$/)))
}

/** Terminals break lines. */
function unspaced(text: string): string {
  return text.replace(/\s+/g, '')
}

test('the compose-json view says of running work once that it runs', async () => {
  for (const events of Object.values(RECORDINGS)) {
    const { raw } = await show('compose-json', events)
    const working = raw.split('\n').filter((line) => line.includes('"Working"'))
    assert.equal(working, [...new Set(working.map(withoutAmount))])
  }
})

function withoutAmount(line: string): string {
  const { id, status, text } = JSON.parse(line)
  return JSON.stringify({ id, status, text })
}

const schema = JSON.parse(readFileSync(new URL('../../schemas/events.schema.json', import.meta.url), 'utf8'))
const validate = new Ajv({ strict: true, allErrors: true }).compile(closed(schema))

/** The schema without room for more fields: those that are printed have to be described. */
function closed(part: unknown): object {
  const all = JSON.stringify(part, (key, value) =>
    value?.type === 'object' && value.properties && !('oneOf' in value) && key !== ''
      ? { ...value, additionalProperties: false }
      : value,
  )
  return JSON.parse(all)
}

test('every line of the json view is an event of the schema', async () => {
  const recorded = await Promise.all(
    [SUCCESS, FAILURE, NOTHING, RECREATE, INTERRUPTED].map((events) => show('json', events)),
  )
  const lines = [...recorded.flatMap(({ raw }) => raw.trimEnd().split('\n')), ...(await looseLines())]
  const types = new Set<string>()
  for (const line of lines) {
    const event = JSON.parse(line)
    types.add(event.type)
    assert.ok(validate(event), `${line}\n${JSON.stringify(validate.errors)}`)
  }
  assert.equal([...types].sort(), typesOf(schema))
})

test('the schema refuses what is no event', () => {
  assert.not(validate({ type: 'step-start', at: 1 }))
  assert.not(validate({ type: 'step-start', at: 1, step: 'a', extra: true }))
  assert.not(validate({ type: 'something' }))
})

test('the tree view shows the cursor again and draws over its own lines only', async () => {
  for (const events of Object.values(RECORDINGS)) {
    const { screen, raw } = await show('tree', events)
    assert.ok(screen.cursor)
    assert.is(raw.split('\u001b[?25l').length, raw.split('\u001b[?25h').length)
  }
})

test('the plain view reports a long step repeatedly, less often without news', async () => {
  const { raw } = await show('plain', SUCCESS)
  const beats = raw.split('\n').filter((line) => line.includes(' for '))
  const of = (title: string) => beats.filter((line) => line.startsWith(title)).length
  assert.ok(of('image web') >= 4 && of('image web') <= 6, `${of('image web')} lines about the build`)
  assert.ok(of('db-1') >= 4 && of('db-1') <= 6, `${of('db-1')} lines about the wait`)
})

test('the quiet view shows errors and no warnings', async () => {
  const { terminal, shown } = terminalOf(virtualClock(), 80, 24)
  const view = await createView('quiet', terminal, FACTS)
  view.say('hello')
  view.problems([warning('orphans', 'harmless'), error('locked', 'bad')])
  assert.match(shown().raw, /^error\[locked\]: bad\n$/)
})

const UNDONE: RunEvent[] = (() => {
  const web = 'container/web/1' as const
  const info = (id: string, verb: Verb, after: string[] = []) => ({
    id,
    subject: web,
    group: web,
    verb,
    cause: '',
    after,
  })
  const undo = (id: string, verb: Verb) => ({ ...info(id, verb, ['next']), phase: 'undo' as const })
  const steps = [
    info('old', 'stop'),
    info('next', 'start', ['old']),
    undo('undo-start:web', 'start'),
    undo('undo-remove:web', 'remove'),
  ]
  return [
    { type: 'plan', at: 0, stack: 'lab', steps, unchanged: [], notes: [] },
    { type: 'step-start', at: 0, step: 'old' },
    { type: 'step-done', at: 0, step: 'old', ms: 0 },
    { type: 'step-start', at: 0, step: 'next' },
    { type: 'step-fail', at: 10, step: 'next', ms: 10, problem: error('start-failed', 'service "web" cannot start') },
    { type: 'step-start', at: 10, step: 'undo-start:web' },
    { type: 'step-done', at: 20, step: 'undo-start:web', ms: 10 },
    { type: 'step-start', at: 20, step: 'undo-remove:web' },
    { type: 'step-done', at: 30, step: 'undo-remove:web', ms: 10 },
    { type: 'end', at: 30, ok: false, done: 3, failed: 1, skipped: 0 },
  ]
})()

/** The same, the failure being that of another: nothing of it was started. */
const UNTOUCHED = UNDONE.filter((event) => !('step' in event) || event.step.startsWith('undo-'))

for (const mode of ['tree', 'plain', 'quiet'] as const) {
  test(`the ${mode} view reports what was undone`, async () => {
    const { screen } = await show(mode, UNDONE)
    assert.match(screen.text, 'web-1: the new container is discarded, the old one runs again')
  })
}

for (const mode of ['tree', 'plain', 'quiet'] as const) {
  test(`the ${mode} view says nothing of an old container that was never touched but that`, async () => {
    const { text } = (await show(mode, UNTOUCHED)).screen
    assert.match(text, 'web-1: the new container is discarded, the old one was not touched')
    if (mode === 'plain') assert.not.match(text, /started|stopped/)
  })
}

const AGAIN: RunEvent[] = UNDONE.map((event) => {
  if (event.type === 'end') return { ...event, again: true }
  return event.type === 'step-fail'
    ? { ...event, problem: error('moved', 'its container was removed meanwhile') }
    : event
})

for (const mode of ['tree', 'plain', 'quiet'] as const) {
  test(`the ${mode} view notes what is looked at again, and calls it no error`, async () => {
    const { text } = (await show(mode, AGAIN)).screen
    assert.match(text, 'note: web-1: its container was removed meanwhile')
    assert.not.match(text, /error|1 failed/)
    if (mode !== 'quiet') assert.match(text, 'planning again')
  })
}

test('steps for the case of a failure count only once they run', async () => {
  assert.match((await show('tree', UNDONE.slice(0, 5).concat(UNDONE.slice(-1)))).screen.text, 'lab  1/2')
  assert.match((await show('tree', UNDONE)).screen.text, 'lab  3/4')
})

test('the row of what failed does not name it twice', async () => {
  assert.match((await show('tree', UNDONE)).screen.text, /web-1 +cannot start/)
})

async function looseLines(): Promise<string[]> {
  const { terminal, shown } = terminalOf(virtualClock(), 80, 24)
  const view = await createView('json', terminal, FACTS)
  const at = { file: '/lab/stack.yaml', line: 3, col: 5, endLine: 3, endCol: 15 }
  view.say(`stopping ${foreign(SECRET)}`)
  view.problems([error('unknown-key', 'unknown', { at, hint: 'did you mean', related: [{ message: 'here', at }] })])
  assert.not.match(shown().raw, SECRET)
  return shown().raw.trimEnd().split('\n')
}

function typesOf({
  definitions,
}: {
  definitions: Record<string, { properties?: { type?: { const?: string } } }>
}): string[] {
  return Object.values(definitions)
    .flatMap(({ properties }) => properties?.type?.const ?? [])
    .sort()
}

test.run()
