import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { withoutMarks } from '../../src/diagnostics/foreign.ts'
import { parseYaml } from '../../src/yaml/parse.ts'

/** The mistake, where the cause stands, and a word that the message or the hint must say. */
const mistakes: [string, string, RegExp][] = [
  ['services:\n\tweb:\n', '2:1', /spaces/],
  ['services:\n  web:\n  \timage: x\n', '3:3', /tab/],
  ['web:\n  image:nginx\n  ports: []\n', '2:8', /`image: nginx`/],
  ['web:\n  image: x\n  restart:always\n  tty: true\n', '3:10', /`restart: always`/],
  ['web:\n  image: x\n  restart:always\n', '3:10', /space is missing/],
  ['web:\n  DB_PASSWORD:hunter2\n  ports: []\n', '2:14', /`DB_PASSWORD: …`/],
  ['web:\n  image: "nginx\n  ports:\n    - 80\n', '2:10', /close it with "/],
  ["web:\n  image: 'nginx\n  ports:\n", '2:10', /close it with '/],
  ['a: "x\n', '1:4', /never closed/],
  ['web:\n  command: [a, b\n  ports: []\n', '2:12', /close it with \]/],
  ['web:\n  environment: {A: 1\n  ports: []\n', '2:16', /close it with }/],
  ['web:\n  test: ["a]", "b"\n  ports: 1\n', '2:9', /close it with \]/],
  ['a:\n  b: %x\n', '2:6', /start with %/],
  ['a:\n  b: @x\n', '2:6', /start with @/],
  ['a:\n  - `x`\n', '2:5', /start with `/],
  ['a: *\n', '1:4', /quotes/],
  ['a: & b\n', '1:4', /quotes/],
  ['a: !foo!bar x\n', '1:4', /quotes/],
  ['a:\n  command: echo x: y\n  c: 1\n', '2:18', /'echo x: y'/],
  ['a:\n  - x: y: z\n', '2:9', /quotes/],
  ['a:\n  b: 1\n   c: 2\n', '3:4', /further/],
  ['a:\n    b: 1\n  c: 2\n', '3:3', /indentation/],
  ['a:\n  - 1\n  b: 2\n', '3:3', /key cannot be mixed with list items/],
  ['a:\n  b: 2\n  - 1\n', '3:3', /list item/],
  ['a: "C:\\path"\n', '1:7', /escape/],
  ['a: "x" y\nb: 1\n', '1:8', /closing quote/],
  ['a: "foo "bar" baz"\n', '1:10', /closing quote/],
  ['a: [x] y\n', '1:8', /closing bracket/],
  ['a: \u0007x\n', '1:4', /U\+0007/],
  ['a: x\0\n', '1:5', /U\+0000/],
  ['services\n  web: 1\n', '1:1', /`services:`/],
  ['services:\n  web\n    image: x\n', '2:3', /`web:`/],
  ['web:\n  image: x\n  restart\n  tty: true\n', '3:3', /`restart:`/],
  ['a: |x\n  foo\n', '1:5', /\| or >/],
  ['a:\n<<<<<<< HEAD\n  b: 1\n=======\n  b: 2\n>>>>>>> x\n', '2:1', /conflict/],
  ['a: [1,, 2]\n', '1:7', /comma/],
  ['a: [x, ${B:-c}]\n', '1:8', /quotes/],
  ['%FOO\na: 1\n', '2:1', /directive/],
  ['s:\n  db:\n    image: x\n    volumes\n      - v:/v\n    networks:\n      - n\n', '4:5', /`volumes:`/],
  ['s:\n  db:\n    image: x\n    env_file:#c\n      - v\n    networks:\n      - n\n', '4:5', /before this comment/],
  ['s:\n  db:\n    image: x\n    labels =\n      - v\n    networks:\n      - n\n', '4:5', /`labels:`/],
  ['s:\n  web:\n    image: x\n  volumes:\n      - v:/v\n    ports: []\n', '6:5', /`volumes:` above/],
  ['  s:\n  web:\n    ports:\n      - 443:5601\nvolumes: {}\n', '5:1', /indentation/],
]

test('common mistakes are reported at their cause, with a hint', () => {
  for (const [text, place, words] of mistakes) {
    const result = parseYaml(text, 'f.yaml')
    const [problem] = result.ok ? [] : result.diagnostics
    const shown = JSON.stringify(text)
    assert.is(problem?.code, 'yaml-syntax', shown)
    assert.is(`${problem?.at?.line}:${problem?.at?.col}`, place, `${shown}: ${problem?.message}`)
    assert.match(withoutMarks(`${problem?.message}; ${problem?.hint ?? ''}`), words, shown)
  }
})

test('a key that is a mapping suggests quotes, as templates need them', () => {
  const result = parseYaml('a: {{ x }}\n', 'f.yaml')
  assert.match((!result.ok && result.diagnostics[0]?.hint) || '', 'quotes')
})

test.run()
