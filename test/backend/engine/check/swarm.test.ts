import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { swarmNote } from '../../../../src/backend/engine/check/swarm.ts'
import { loadText } from '../../../load/support.ts'

const noted = (deploy: string) =>
  swarmNote(loadText(`services: {a: {image: x, deploy: {${deploy}}}}`)).map(({ message }) => message)

test('keys of rollback_config that a rollback follows are not reported as ignored', () => {
  assert.equal(noted('rollback_config: {order: start-first, parallelism: 2, delay: 1s}'), [])
})

test('keys that only a swarm applies are named', () => {
  const [message = ''] = noted('rollback_config: {parallelism: 2, monitor: 5s}')
  assert.match(message, 'only a swarm applies deploy.rollback_config.monitor;')
})

test.run()
