import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseReference } from '../../src/docker/reference.ts'

const DIGEST = `sha256:${'0'.repeat(64)}`
const REFERENCES: [string, ReturnType<typeof parseReference>][] = [
  ['mysql', { name: 'mysql', registry: 'docker.io' }],
  ['mysql:9', { name: 'mysql', tag: '9', registry: 'docker.io' }],
  ['postgis/postgis:16-3.4', { name: 'postgis/postgis', tag: '16-3.4', registry: 'docker.io' }],
  ['docker.io/library/x', { name: 'docker.io/library/x', registry: 'docker.io' }],
  ['localhost/x', { name: 'localhost/x', registry: 'localhost' }],
  ['localhost:5000/x', { name: 'localhost:5000/x', registry: 'localhost:5000' }],
  ['localhost:5000/x:1', { name: 'localhost:5000/x', tag: '1', registry: 'localhost:5000' }],
  ['quay.io/a/b/c:t', { name: 'quay.io/a/b/c', tag: 't', registry: 'quay.io' }],
  [`x@${DIGEST}`, { name: 'x', digest: DIGEST, registry: 'docker.io' }],
  [`ghcr.io/x:1@${DIGEST}`, { name: 'ghcr.io/x', tag: '1', digest: DIGEST, registry: 'ghcr.io' }],
]

for (const [reference, expected] of REFERENCES) {
  test(reference, () => assert.equal(parseReference(reference), expected))
}

test.run()
