import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { unwrap } from '../../src/diagnostics/checked.ts'
import { connectTo, findEndpoint } from '../../src/docker/connect.ts'

/** Whether an engine sees this machine's files, and where its socket is, by how it is reached. */
const ROWS: [host: string, location: object][] = [
  ['unix:///run/user/7/docker.sock', { remote: false, socket: '/run/user/7/docker.sock', shared: [] }],
  ['tcp://127.0.0.1:2375', { remote: false, shared: [] }],
  ['tcp://localhost:2375', { remote: false, shared: [] }],
  ['tcp://[::1]:2375', { remote: false, shared: [] }],
  ['tcp://192.0.2.7:2375', { remote: true, shared: [] }],
  ['tcp://docker:2375', { remote: true, shared: [] }],
  ['ssh://me@192.0.2.7', { remote: true, shared: [] }],
  ['ssh://me@localhost/opt/docker.sock', { remote: true, socket: '/opt/docker.sock', shared: [] }],
]

for (const [host, location] of ROWS)
  test(host, async () => {
    assert.equal((await engineAt({ DOCKER_HOST: host })).location, location)
  })

test('directories that both machines have are named by their absolute paths', async () => {
  const env = { DOCKER_HOST: 'tcp://docker:2375', FLOTILLA_SHARED_PATHS: '/builds::relative:/nfs/home' }
  assert.equal((await engineAt(env)).location?.shared, ['/builds', '/nfs/home'])
})

async function engineAt(env: Record<string, string>) {
  const environment = { env, home: '/nowhere', platform: 'linux' }
  return connectTo(unwrap(await findEndpoint(environment)), environment)
}

test.run()
