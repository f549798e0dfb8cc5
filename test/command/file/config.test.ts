import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { COMPOSE } from '../../../src/backend/docker/labels.ts'
import { assertGolden } from '../../support/golden.ts'
import { type Lab, withLab } from '../support.ts'

const STACK = `
name: shop
services:
  web:
    image: web:1
    environment: { MODE: "\${MODE:-fast}", TOKEN: sesame-open }
    depends_on: [db]
    ports: !override ["8080:80"]
    command: [serve, --quickly]
  db:
    image: db:1
    env_file: db.env
    volumes: ["data:/data"]
  same: { image: db:1 }
  extra: { image: "web:1", profiles: [more] }
volumes: { data: {}, idle: {} }
networks: { idle: {} }
`
const FILES = {
  'stack.yaml': STACK,
  'override.yaml': 'services: { web: { environment: { MODE: slow }, command: [serve] } }\n',
  'db.env': 'LEVEL=info\n',
  '.env': 'MODE=dotenv\n',
}
const IMAGES = { 'web:1': { cmd: ['serve'] }, 'db:1': { cmd: ['serve'] }, 'local:1': { cmd: ['serve'] } }
const REGISTRY = { 'web:1': IMAGES['web:1'], 'db:1': IMAGES['db:1'] }

function inLab(name: string, body: (lab: Lab) => Promise<void>, files: Record<string, string> = FILES): void {
  test(name, async () => {
    await withLab(files, { images: IMAGES, registry: REGISTRY }, body)
  })
}

inLab('hashes are what containers are labelled with', async ({ run, engine }) => {
  assert.is((await run('up', '-d')).code, 0)
  const containers = await engine.listContainers({})
  const labelled = containers.map(({ labels }) => `${labels[COMPOSE.service]} ${labels[COMPOSE.configHash]}\n`).sort()
  assert.is(labelled.length, 3)
  assert.is((await run('config', '--hash', '*')).out, labelled.join(''))
  assert.is((await run('config', '--hash', 'web,db')).out, `${labelled[0]}${labelled[2]}`)
  assert.match((await run('config', '--hash', 'extra')).out, /^extra [0-9a-f]{64}\n$/)
  const wrong = await run('config', '--hash', 'wbe')
  assert.is(wrong.code, 1)
  assert.match(wrong.err, 'did you mean "web"?')
})

inLab('a hash changes with what is declared, and only with that', async ({ run, write }) => {
  const before = (await run('config', '--hash', 'web,db')).out
  write({ '.env': 'MODE=other\n' })
  const [db, web] = (await run('config', '--hash', 'web,db')).out.split('\n')
  assert.is(db, before.split('\n')[0])
  assert.is.not(web, before.split('\n')[1])
})

inLab('images are pinned to what their registry has', async ({ run, engine }) => {
  const digests = await Promise.all(['web:1', 'db:1'].map((image) => engine.registryDigest(image)))
  const { services } = JSON.parse((await run('config', '--resolve-image-digests', '--format', 'json')).out)
  assert.is(services.web.image, `docker.io/library/web:1@${digests[0]}`)
  assert.is(services.db.image, `docker.io/library/db:1@${digests[1]}`)
  const lock = await run('config', '--lock-image-digests')
  assert.equal(lock.out.split('\n').slice(0, 3), [
    'services:',
    '  db:',
    `    image: docker.io/library/db:1@${digests[1]}`,
  ])
})

inLab('a lock file is an override that changes images alone', async ({ run, begin, write }) => {
  const toFile = begin(['config', '--lock-image-digests', '-o', 'lock.yaml'])
  assert.is((await toFile.ended).code, 0)
  const [text = ''] = toFile.written.values()
  write({ 'lock.yaml': text })
  const locked = JSON.parse((await run('-f', 'stack.yaml', '-f', 'lock.yaml', 'config', '--format', 'json')).out)
  const pinned = JSON.parse((await run('config', '--resolve-image-digests', '--format', 'json')).out)
  assert.equal(locked, pinned)
})

inLab('an image that no registry has is reported by its name', async ({ run, write }) => {
  write({ 'stack.yaml': STACK.replace('image: web:1', 'image: local:1') })
  const { code, err } = await run('config', '--resolve-image-digests')
  assert.is(code, 1)
  assert.match(err, 'no registry has local:1')
  assert.match(err, 'the engine has it from elsewhere')
})

inLab('what nothing uses is printed on demand', async ({ run }) => {
  assert.is((await run('config', '--volumes')).out, 'data\n')
  assert.is((await run('--all-resources', 'config', '--volumes')).out, 'data\nidle\n')
  assert.is((await run('--all-resources', 'config', '--networks')).out, 'default\nidle\n')
  const { volumes } = JSON.parse((await run('--all-resources', 'config', '--format', 'json')).out)
  assert.equal(Object.keys(volumes), ['data', 'idle'])
})

inLab('env files stay unread on demand', async ({ run, directory }) => {
  const { services } = JSON.parse((await run('config', '--no-env-resolution', '--format', 'json')).out)
  assert.equal(services.db.env_file, [{ path: join(directory, 'db.env') }])
  assert.is(services.db.environment, undefined)
})

inLab('what cannot be checked with variables in it is not', async ({ run, write }) => {
  write({ 'stack.yaml': 'services: { a: { image: "${IMAGE}", privileged: "${YES}", ports: ["${P}:80"] } }\n' })
  const { code, out } = await run('config', '--no-interpolate', '--format', 'json')
  assert.is(code, 0)
  const { privileged, ports } = JSON.parse(out).services.a
  assert.equal([privileged, ports], ['${YES}', ['${P}:80']])
  const wrong = await run('config', '--no-interpolate', '--resolve-image-digests')
  assert.is(wrong.code, 1)
})

inLab('wrong places are refused in words', async ({ run }) => {
  const { code, err } = await run('config', '--explain', 'services.web.imag')
  assert.is(code, 1)
  assert.match(err, 'did you mean "image"?')
})

const EXPLAINED = [
  'services.web.environment.MODE',
  'services.web',
  'services.db.environment.LEVEL',
  'networks.default.name',
]

inLab('explanations look as they are recorded', async ({ run, directory }) => {
  for (const path of EXPLAINED) {
    const { code, out, err } = await run('-f', 'stack.yaml', '-f', 'override.yaml', 'config', '--explain', path)
    assert.is(code, 0, err)
    assertGolden(out.replaceAll(directory, '<folder>'), join(import.meta.dirname, 'golden', `explain-${path}.txt`))
  }
})

inLab('an explanation for programs names files, lines and columns', async ({ run, directory }) => {
  const path = 'services.web.environment.MODE'
  const { out } = await run('-f', 'stack.yaml', '-f', 'override.yaml', 'config', '--explain', path, '--format', 'json')
  const { value, source, lost } = JSON.parse(out)
  assert.is(value, 'slow')
  assert.equal([source.at.file, source.at.line], [join(directory, 'override.yaml'), 1])
  assert.equal([lost[0].value, lost[0].at.line], ['dotenv', 6])
})

test.run()
