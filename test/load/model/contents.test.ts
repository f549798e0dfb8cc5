import { createHash } from 'node:crypto'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { unwrap } from '../../../src/diagnostics/checked.ts'
import { loadFiles } from '../support.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

test('digests are of the bytes that a container will see', () => {
  const { stack } = unwrap(
    loadFiles(
      {
        'stack.yaml': `services: {a: {image: x}}
secrets: {file: {file: s.txt}, env: {environment: V}, unset: {environment: W}, gone: {file: no.txt}, outside: {external: true}}
configs: {inline: {content: "a$$b\\n"}}`,
        's.txt': 'line\n',
      },
      { environment: { V: 'value' } },
    ),
  )
  assert.equal(stack.digests, {
    'secret/file': sha256('line\n'),
    'secret/env': sha256('value'),
    'config/inline': sha256('a$b\n'),
  })
})

test.run()
