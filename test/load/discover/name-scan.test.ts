import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { scanName } from '../../../src/load/discover/name-scan.ts'
import { parseYamlDocuments } from '../../../src/yaml/parse.ts'
import { get, type Tree } from '../../../src/yaml/tree.ts'

/** Pieces of which names hide in a file: every way YAML has to write a key, and what may stand around it. */
const PIECES = [
  'services:',
  'services: {}',
  '  name: inner',
  '  app: &app',
  '    image: a',
  'name: lab',
  'name : lab',
  'name:   other-1  # a comment',
  'name: true',
  'name: lab: x',
  'name: "lab"',
  'name: ${NAME:-lab}',
  'name:',
  '  lab',
  '  goes on',
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
  'more: "',
  "text: '",
  'more: [',
  'x: ]',
  'text: |',
  'names: a',
  'name.x: a',
  'container_name: a',
  '"',
  '',
  '  ',
]

test('law: the name found in the lines is the one that is parsed, however the file is written', () => {
  const texts = fc
    .tuple(fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 6 }), fc.constantFrom('\n', '\r\n', '\r'))
    .map(([lines, end]) => lines.join(end))
  const seen = { named: 0, unnamed: 0 }
  fc.assert(
    fc.property(texts, (text) => {
      const scanned = scanName(text)
      const documents = scanned && parseYamlDocuments(text, 'stack.yaml')
      if (!documents?.ok) return
      seen[scanned?.name === undefined ? 'unnamed' : 'named']++
      for (const each of documents.value) assert.is(textOf(get(each, 'name')), scanned?.name, text)
    }),
    { numRuns: 40_000 },
  )
  assert.ok(seen.unnamed > 200 && seen.named > 200, JSON.stringify(seen))
})

function textOf(node: Tree | undefined): unknown {
  return node?.kind === 'scalar' ? node.value : node
}

test('in an ordinary stack file the name is found, or that there is none', () => {
  const body = 'services:\n  app:\n    image: a\nnetworks:\n  default:\n    name: shared\n'
  assert.equal(scanName(body), {})
  assert.equal(scanName(`---\n# about\n\n${body}`), {})
  assert.equal(scanName(`name: lab\n\n${body}`), { name: 'lab' })
  assert.equal(scanName(`${body}name: lab`), { name: 'lab' })
  assert.is(scanName(`name: "lab"\n${body}`), undefined)
  assert.is(scanName(''), undefined)
})

test.run()
