import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Scene, STAYS, scenes } from '../scene.ts'

/** What is seen in the container of secrets and configs from every source, as their user. */
const scene = await scenes()

const NOBODY = { ...STAYS, user: '65534:65534' }

async function upOf(scene: Scene, content: object): Promise<void> {
  await scene.stack(content)
  const { code, stderr } = await scene.run('up', '-d')
  assert.is(code, 0, stderr)
}

scene('a secret file that only its owner may read is readable to a service of another user', async (scene) => {
  await scene.write('token', 'hidden')
  await chmod(join(scene.folder, 'token'), 0o600)
  await upOf(scene, {
    services: { app: { ...NOBODY, secrets: ['token'] } },
    secrets: { token: { file: './token' } },
  })
  assert.is(await scene.inside('app-1', 'cat', '/run/secrets/token'), 'hidden')
  assert.is((await scene.run('up', '-d')).stdout, '')
  await scene.write('token', 'changed')
  const planned = await scene.run('plan')
  assert.match(planned.stdout, /secrets\.\/run\/secrets\/token/)
  await scene.run('up', '-d')
  assert.is(await scene.inside('app-1', 'cat', '/run/secrets/token'), 'changed')
})

scene('a file that everyone may read is mounted, and its changes are seen at once', async (scene) => {
  await scene.write('setting', 'one')
  await chmod(join(scene.folder, 'setting'), 0o644)
  await upOf(scene, {
    services: { app: { ...NOBODY, configs: [{ source: 'setting', target: '/etc/setting' }] } },
    configs: { setting: { file: './setting' } },
  })
  await writeFile(join(scene.folder, 'setting'), 'two')
  assert.is(await scene.inside('app-1', 'cat', '/etc/setting'), 'two')
})

scene('owner, group and permissions are as asked for, whatever the content comes from', async (scene) => {
  await scene.write('token', 'of-a-file')
  await scene.write('.env', 'TOKEN=of-a-variable\n')
  const own = { uid: '65534', gid: '100', mode: '0440' }
  await upOf(scene, {
    services: {
      app: {
        ...STAYS,
        secrets: [
          { source: 'file', ...own },
          { source: 'variable', target: '/opt/variable', ...own },
        ],
        configs: [
          { source: 'inline', ...own },
          { source: 'file', target: '/etc/deep/er/file', ...own },
        ],
      },
    },
    secrets: { file: { file: './token' }, variable: { environment: 'TOKEN' } },
    configs: { inline: { content: 'inline' }, file: { file: './token' } },
  })
  const wanted = {
    '/run/secrets/file': 'of-a-file',
    '/opt/variable': 'of-a-variable',
    '/inline': 'inline',
    '/etc/deep/er/file': 'of-a-file',
  }
  for (const [path, content] of Object.entries(wanted)) {
    assert.is(await scene.inside('app-1', 'cat', path), content)
    assert.is(await scene.inside('app-1', 'stat', '-c', '%u %g %a', path), '65534 100 440', path)
  }
})

scene('without an owner of its own a copied file belongs to the user of the service', async (scene) => {
  await scene.write('.env', 'TOKEN=of-a-variable\n')
  await upOf(scene, {
    services: { app: { ...NOBODY, secrets: [{ source: 'token', mode: '0400' }] } },
    secrets: { token: { environment: 'TOKEN' } },
  })
  assert.is(await scene.inside('app-1', 'stat', '-c', '%u %g %a', '/run/secrets/token'), '65534 65534 400')
  assert.is(await scene.inside('app-1', 'cat', '/run/secrets/token'), 'of-a-variable')
})

scene('a service that uses the socket of the engine gets it, with the credentials of its user', async (scene) => {
  const auths = { 'registry.example': { auth: Buffer.from('me:secret-word').toString('base64') } }
  await scene.write('docker/config.json', JSON.stringify({ auths }))
  scene.env.DOCKER_CONFIG = join(scene.folder, 'docker')
  await upOf(scene, { services: { app: { ...STAYS, use_api_socket: true }, other: STAYS } })
  assert.equal(JSON.parse(await scene.inside('app-1', 'sh', '-c', 'cat $DOCKER_CONFIG/config.json')), { auths })
  assert.is(await scene.inside('app-1', 'sh', '-c', 'test -S /var/run/docker.sock && echo there'), 'there')
  assert.is(await scene.inside('other-1', 'sh', '-c', 'ls /run 2>/dev/null'), '')
})

scene('a seccomp profile is a file, and another content another container', async (scene) => {
  const profile = (names: string[]) =>
    JSON.stringify({ defaultAction: 'SCMP_ACT_ALLOW', syscalls: [{ names, action: 'SCMP_ACT_ERRNO' }] }, null, 2)
  await scene.write('profile.json', profile(['mkdir', 'mkdirat']))
  await upOf(scene, { services: { app: { ...STAYS, security_opt: ['seccomp:./profile.json'] } } })
  const makes = () => scene.inside('app-1', 'sh', '-c', 'mkdir /made 2>/dev/null && echo made || echo refused')
  assert.is(await makes(), 'refused')
  await scene.write('profile.json', profile(['chroot']))
  assert.is((await scene.run('up', '-d')).code, 0)
  assert.is(await makes(), 'made')
})

test.run()
