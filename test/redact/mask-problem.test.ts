import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { error } from '../../src/diagnostics/diagnostic.ts'
import { foreign } from '../../src/diagnostics/foreign.ts'
import { maskProblems } from '../../src/redact/mask-problem.ts'
import { NOTHING_SENSITIVE } from '../../src/stack/sensitive.ts'

const at = (line: number, endLine = line) => ({ file: '/f', line, col: 1, endLine, endCol: 2 })
const LONG = 'hunter-with-a-password-of-more-than-forty-characters'

/** Each secret holds `hunter`; what stands between `<` and `>` is not of our words. */
const TOLD: [source: string, message: string, shown: string][] = [
  [
    'environment: DB_PASSWORD=hunter2secret',
    'must be a mapping, it is the string "<DB_PASSWORD=hunter2secret>"',
    'must be a mapping, it is the string "DB_PASSWORD=••••••"',
  ],
  ['nothing here', '- "<MY_TOKEN=hunter2words>" or so', '- "MY_TOKEN=••••••" or so'],
  ['nothing here', 'write <MY_TOKEN=hunter>, not more', 'write MY_TOKEN=••••••, not more'],
  ['nothing here', 'write <COLOUR=blue>', 'write COLOUR=blue'],
  ['API_TOKEN: "hunter two"', '"<hunter two>" is no size', '"••••••" is no size'],
  ['API_TOKEN: hunt', '"<hunt>" is no size of a hunting', '"••••••" is no size of a hunting'],
  ['API_TOKEN: is no size', '"<is no size>" is no size', '"••••••" is no size'],
  ['DB_PASSWORD: [hunter5secret]', 'it is a list of "<hunter5secret>"', 'it is a list of "••••••"'],
  ['mem_limit: ${API_TOKEN:-hunter9secret}', '"<hunter9secret>" is no size', '"••••••" is no size'],
  ['mem_limit: ${API_TOKEN}', '"<hunter-in-variable>" is no size', '"••••••" is no size'],
  [`DB_PASSWORD: ${LONG}`, `it is "<${LONG.slice(0, 40)}…>"`, 'it is "••••••"'],
  ['image: plain-image', '"<plain-image>" is no image', '"plain-image" is no image'],
]

const variable = (name: string) => (name === 'API_TOKEN' ? 'hunter-in-variable' : undefined)
const marked = (text: string) => text.replaceAll(/<(.*?)>/g, (_, part: string) => foreign(part))

for (const [source, message, shown] of TOLD) {
  test(`of \`${source}\`, nothing gives the secret away: ${message}`, () => {
    const secrets = { sensitive: NOTHING_SENSITIVE, sourceOf: () => source, variable }
    const text = marked(message)
    const problem = error('invalid-value', text, { at: at(1), hint: text, related: [{ message: text, at: at(1) }] })
    const [masked] = maskProblems([problem], secrets)
    assert.equal([masked?.message, masked?.hint, masked?.related?.[0]?.message], [shown, shown, shown])
  })
}

test('a problem whose source is not at hand is masked by what it says itself', () => {
  const secrets = { sensitive: { values: new Set(['hunter2']), paths: new Set<string>() }, sourceOf: () => undefined }
  const message = marked('<A_TOKEN=hunter1> and <hunter2>, but hunter2 is a service')
  const [masked] = maskProblems([error('invalid-value', message, { at: at(1) })], secrets)
  assert.is(masked?.message, 'A_TOKEN=•••••• and ••••••, but hunter2 is a service')
})

test.run()
