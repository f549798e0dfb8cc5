import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseStatus } from '../../../../src/docker/adapter/http/status.ts'

const SENTENCES: [string, ReturnType<typeof parseStatus>][] = [
  ['Created', {}],
  ['Up Less than a second', {}],
  ['Up 5 seconds (health: starting)', { health: 'starting' }],
  ['Up 2 minutes (healthy)', { health: 'healthy' }],
  ['Up About an hour (unhealthy)', { health: 'unhealthy' }],
  ['Up 2 minutes (Paused)', {}],
  ['Exited (0) 3 seconds ago', { exitCode: 0 }],
  ['Exited (137) 2 minutes ago', { exitCode: 137 }],
  ['Exited (-1) 2 minutes ago', { exitCode: -1 }],
  ['Restarting (1) 5 seconds ago', { exitCode: 1 }],
  ['Removal In Progress', {}],
  ['Dead', {}],
]

for (const [sentence, expected] of SENTENCES) {
  test(sentence, () => assert.equal(parseStatus(sentence), expected))
}

test.run()
