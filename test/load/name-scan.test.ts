import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isPlainlyUnnamed } from '../../src/load/name-scan.ts'
import { parseYamlDocuments } from '../../src/source/parse.ts'
import { get } from '../../src/source/tree.ts'

/** Pieces of which names hide in a file: every way YAML has to write a key, and what may stand around it. */
const PIECES = [
  'services:',
  'services: {}',
  '  name: inner',
  '  app: &app',
  '    image: a',
  'name: lab',
  'name : lab',
  '"name": lab',
  "'name': lab",
  '"n\\x61me": lab',
  '!!str name: lab',
  '&key name: lab',
  '? name',
  ': lab',
  '{name: lab}',
  '  {name: lab}',
  'x-lab: &lab {name: lab}',
  'x-lab: {',
  'name: lab}',
  '<<: *lab',
  '---',
  '--- {name: lab}',
  '--- !!map',
  '...',
  '%YAML 1.2',
  '# name: lab',
  '- name: lab',
  'include:',
  '- other.yaml',
  'text: "',
  'text: |',
  'names: a',
  'name.x: a',
  'container_name: a',
  '"',
  '',
  '  ',
]

test('law: what is plainly unnamed has no name, however the file is written', () => {
  const texts = fc
    .tuple(fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 6 }), fc.constantFrom('\n', '\r\n', '\r'))
    .map(([lines, end]) => lines.join(end))
  let plain = 0
  fc.assert(
    fc.property(texts, (text) => {
      if (!isPlainlyUnnamed(text)) return
      plain++
      const documents = parseYamlDocuments(text, 'stack.yaml')
      if (documents.ok) for (const each of documents.value) assert.is(get(each, 'name'), undefined, text)
    }),
    { numRuns: 20_000 },
  )
  assert.ok(plain > 200)
})

test('an ordinary stack file is plainly unnamed or not, by its top-level keys alone', () => {
  const body = 'services:\n  app:\n    image: a\nnetworks:\n  default:\n    name: shared\n'
  assert.is(isPlainlyUnnamed(body), true)
  assert.is(isPlainlyUnnamed(`---\n# about\n\n${body}`), true)
  assert.is(isPlainlyUnnamed(`${body}name: lab\n`), false)
  assert.is(isPlainlyUnnamed(''), false)
})

test.run()
