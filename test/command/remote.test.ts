import { rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fetcherFor, publishFrom } from '../../src/machine/remote.ts'
import type { HostOptions } from '../cli/support.ts'
import { type SmallRegistry, withSmallRegistry } from '../support/small-registry.ts'
import { type Lab, lab, type Ran } from './support.ts'

/** Stacks that come from a registry, and what is published there. */

const IMAGES = { 'app:1': { cmd: ['serve'] } }

interface Scene extends Lab {
  registry: SmallRegistry
  /** Runs a line with these variables; a user who gives this answer is there, or nobody. */
  in(line: string, options?: { env?: Record<string, string>; answer?: string }): Promise<Ran & { question: string }>
}

function scene(name: string, files: Record<string, string>, body: (scene: Scene) => Promise<void>): void {
  test(name, () =>
    withSmallRegistry(async (registry) => {
      const own = lab(files, { images: IMAGES })
      try {
        await body({
          ...own,
          registry,
          in: (line, options) => runIn(own, line.replaceAll('HOST', registry.address), options),
        })
      } finally {
        own.remove()
        rmSync(`${own.directory}-cache`, { recursive: true, force: true })
      }
    }),
  )
}

async function runIn(
  own: Lab,
  line: string,
  { env = {}, answer }: { env?: Record<string, string>; answer?: string } = {},
) {
  const all = { ...env, XDG_CACHE_HOME: `${own.directory}-cache`, DOCKER_CONFIG: `${own.directory}/.docker` }
  const machine = {
    env: all,
    cwd: own.directory,
    home: homedir(),
    platform: 'linux',
    readStdin: async () => '',
  } as const
  let question = ''
  const ask = async (text: string) => {
    question += text
    return answer ?? ''
  }
  const options: HostOptions = {
    env: all,
    fetchStack: fetcherFor(machine),
    publishStack: (publication, how) => publishFrom(machine, publication, how),
    ...(answer !== undefined && { ask }),
  }
  return { ...(await own.begin(line.split(' '), options).ended), question }
}

function environments({ engine }: Lab): string[] {
  return [...engine.world.containers.values()].flatMap(({ spec }) =>
    (spec.Env ?? []).filter((each) => /^[AB]/.test(each)),
  )
}

const USES = 'name: p\nservices:\n  web:\n    image: app:1\n    environment: ["A=${A:-none}", "B_TOKEN"]\n'

scene('a published stack comes up elsewhere, and a newer one replaces it', { 'compose.yaml': USES }, async (own) => {
  assert.is((await own.in('publish HOST/lab')).code, 0)
  assert.is((await own.in('-f oci://HOST/lab up -d')).code, 0)
  assert.equal(environments(own), ['A=none', 'B_TOKEN'])
  own.write({ 'compose.yaml': USES.replace('none', 'newer') })
  assert.is((await own.in('publish HOST/lab')).code, 0)
  assert.is((await own.in('-f oci://HOST/lab up -d')).code, 0)
  assert.equal(environments(own), ['A=newer', 'B_TOKEN'])
  assert.match((await own.in('-p p ps')).out, 'web')
  assert.is((await own.in('-f oci://HOST/lab down')).code, 0)
  assert.is(own.engine.world.containers.size, 0)
})

scene('variables of this machine are used only with consent', { 'compose.yaml': USES }, async (own) => {
  const env = { A: 'mine', B_TOKEN: 'very-secret' }
  await own.in('publish HOST/lab')
  const alone = await own.in('-f oci://HOST/lab up -d', { env })
  assert.is(alone.code, 1)
  assert.match(alone.err, 'error[remote-unconfirmed]')
  for (const answer of ['', 'n']) {
    const { code, question } = await own.in('-f oci://HOST/lab up -d', { env, answer })
    assert.is(code, 1)
    assert.match(question, /A +mine +environment +no +none\n/)
    assert.match(question, /B_TOKEN +•+ +environment/)
    assert.not.match(question, 'very-secret')
  }
  assert.is(own.engine.world.containers.size, 0)
  assert.is((await own.in('-f oci://HOST/lab config', { env })).code, 0)
  assert.is((await own.in('-f oci://HOST/lab up -d', { env, answer: 'y' })).code, 0)
  assert.is((await own.in('-f oci://HOST/lab up -d -y --force-recreate', { env })).code, 0)
  assert.equal(environments(own).sort(), ['A=mine', 'B_TOKEN=very-secret'])
})

scene('COMPOSE_FILE names a published stack as -f does', { 'compose.yaml': USES }, async (own) => {
  await own.in('publish HOST/lab')
  own.write({ 'compose.yaml': 'services: {web: {image: other}}\n', '.env': 'A=from-env-file\n' })
  const env = { COMPOSE_FILE: `oci://${own.registry.address}/lab` }
  const [by, flag] = [await own.in('config', { env }), await own.in('-f oci://HOST/lab config')]
  assert.equal([by.code, by.out], [0, flag.out])
  assert.match(by.out, 'from-env-file')
  assert.is((await own.in('up -d', { env })).code, 1)
  assert.is((await own.in('up -d -y', { env })).code, 0)
  assert.equal(environments(own), ['A=from-env-file', 'B_TOKEN'])
})

scene(
  'an included stack asks too',
  { 'compose.yaml': USES, 'own.yaml': 'include: ["oci://${REGISTRY}/lab"]\n' },
  async (own) => {
    const env = { REGISTRY: own.registry.address, A: 'mine' }
    await own.in('publish HOST/lab')
    assert.is((await own.in('-f own.yaml up -d', { env })).code, 1)
    assert.is((await own.in('-f own.yaml up -d -y', { env })).code, 0)
    assert.is((await own.in('-f own.yaml config --no-interpolate -q', { env })).code, 1)
  },
)

const SECRET =
  'services:\n  web:\n    image: app:1\n    environment: {DB_PASSWORD: hunter22}\n    volumes: ["./data:/data"]\n'

scene('what may be private is published only if the user insists', { 'compose.yaml': SECRET }, async (own) => {
  const sent = () => own.registry.manifests.size
  const alone = await own.in('publish HOST/lab')
  assert.is(alone.code, 1)
  const declined = await own.in('publish HOST/lab', { answer: 'no' })
  assert.is(declined.code, 130)
  for (const text of [alone.err, declined.question]) {
    assert.match(text, 'compose.yaml:4')
    assert.match(text, `${own.directory}/data:/data`)
    assert.not.match(text, 'hunter22')
  }
  assert.is((await own.in('--dry-run publish HOST/lab')).code, 0)
  assert.is(sent(), 0)
  assert.is((await own.in('publish HOST/lab', { answer: 'yes' })).code, 0)
  assert.ok(sent() > 0)
  assert.is((await own.in('publish -y HOST/other:2')).code, 0)
})

const REFUSED: Record<string, string> = {
  'a build without an image': 'services: {web: {build: .}}\n',
  'a local include': 'include: [other.yaml]\nservices: {web: {image: "app:1"}}\n',
  'an env file that is not sent': 'services: {web: {image: "app:1", env_file: web.env}}\n',
}

for (const [name, text] of Object.entries(REFUSED)) {
  const files = { 'compose.yaml': text, 'other.yaml': 'services: {job: {image: "app:1"}}\n', 'web.env': 'A=1\n' }
  scene(`${name} is refused, with its place`, files, async (own) => {
    const { code, err } = await own.in('publish -y HOST/lab')
    assert.is(code, 1)
    assert.match(err, /error\[publish-refused\][\s\S]*compose\.yaml:1:/)
    assert.is(own.registry.manifests.size, 0)
  })
}

const PARTS = {
  'compose.yaml':
    'name: p\nservices:\n  web:\n    extends: {file: "base/${BASE:-base}.yaml", service: base}\n    env_file: [{path: ./web.env, required: true}, "web.env"]\n',
  'base/base.yaml':
    'services: {base: {image: "app:1", env_file: own.env, extends: {file: ../root.yaml, service: root}}}\n',
  'base/own.env': 'B=2\n',
  'root.yaml': 'services: {root: {labels: {from: root}}}\n',
  'web.env': 'A=1\n',
}

scene('extended files and env files go along under other names', PARTS, async (own) => {
  assert.is((await own.in('publish -y --with-env HOST/lab')).code, 0)
  const there = await own.in('-f oci://HOST/lab config --format json')
  const here = await own.in('config --format json')
  assert.equal(JSON.parse(there.out), JSON.parse(here.out))
})

scene('a name that is none is refused', { 'compose.yaml': USES }, async (own) => {
  for (const name of ['HOST/Lab', 'HOST/lab@sha256:0', '../x']) assert.is((await own.in(`publish ${name}`)).code, 1)
})

test.run()
