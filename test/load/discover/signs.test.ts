import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { hasSigns } from '../../../src/load/discover/signs.ts'
import { recoverYamlDocuments } from '../../../src/yaml/parse.ts'

const AROUND = { isSet: (name: string) => name === 'SET', exists: (path: string) => path === 'there.env' }

/** What stands below `a:` in a stack file, and may not be loaded. */
const BROKEN = [
  '    environment: { A: "${UNSET:?must be set}" }',
  '    command: run ${UNSET?}',
  '    env_file: gone.env',
  '    env_file: [there.env, "gone.env"]',
  '    env_file:\n      - there.env\n      - gone.env',
  '    env_file:\n    - path: gone.env',
  '    extends: { service: b }\n    label_file: gone.env',
  '\tcommand: run',
  '    command: [run',
  '    command: run]',
  '    labels: { a: b',
  '    command: "run',
  "    command: [run, 'it]",
  '    command: run: fast',
  '   command: run',
  '    command: run\n      user: root',
  '    user: @root',
  '    deploy:\n        replicas: 1\n      mode: global',
]

/** The same of what may be loaded, and looks similar. */
const WHOLE = [
  '    environment: { A: "${SET:?must be set}" }',
  '    env_file: there.env',
  '    env_file: [there.env]',
  '    env_file:\n      - path: there.env\n        required: false\n    command: run',
  '    env_file: ${DIR}/some.env',
  '    command: |\n      if [ "a\n        b: c: d\n      "',
  '    command: >-\n      "run\n\n        it',
  "    command: it's {{.Fine}} # \"but [ isn't",
  "    command: [run, 'it''s', \"a \\\" [\"]",
  '    ports: ["127.0.0.1:80:80", 443:443]',
  '    labels:\n    - a: b\n      c: d\n    -   e: f\n        g: h',
  '    test: [\n      CMD,\n      run\n    ]',
  '    <<: *base\n    build: &x\n      context: .',
  '    command: http://a:80/b:c',
]

const stackWith = (part: string) =>
  `x-base: &base { init: true }\nservices:\n  a:\n    image: x\n${part}\n  b: { image: x }\n`

for (const part of BROKEN)
  test(`a sign of problems: ${JSON.stringify(part)}`, () => {
    assert.ok(hasSigns(stackWith(part), AROUND))
    assert.ok(hasSigns(stackWith(part).replaceAll('\n', '\r\n'), AROUND))
  })

for (const part of WHOLE)
  test(`no sign of problems: ${JSON.stringify(part)}`, () => {
    assert.not(hasSigns(stackWith(part), AROUND))
    assert.equal(recoverYamlDocuments(stackWith(part), 'stack.yaml').diagnostics, [])
  })

test('time grows with the size of a file, not with its square', () => {
  const parts = ['- ', '"', "'", '[', ': ', '${A', '-', ' ', '|', 'env_file:\n', '" ', '# ', '{ "']
  for (const part of parts) {
    const before = process.cpuUsage()
    hasSigns(`a: ${part.repeat(300_000)}`, AROUND)
    hasSigns(part.repeat(300_000), AROUND)
    const { user, system } = process.cpuUsage(before)
    assert.ok(user + system < 3_000_000, `${JSON.stringify(part)}: ${(user + system) / 1000} ms`)
  }
})

test.run()
