import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Lab, withLab } from './support.ts'

const TOKEN = 'tok3n-sesame-open-99'
const STACK = `
name: shop
services:
  api:
    image: web:1
    command: [serve, --key, "\${API_TOKEN}", "-x\${API_TOKEN}", --log=debug]
  db:
    image: web:1
    environment: { POSTGRES_PASSWORD: db }
    command: [db, "echo postgres://me:pw12@db/x"]
`

function inLab(name: string, body: (lab: Lab) => Promise<void>): void {
  test(name, async () => {
    await withLab(
      { 'stack.yaml': STACK, '.env': `API_TOKEN=${TOKEN}\n` },
      { images: { 'web:1': { cmd: ['serve'] } } },
      body,
    )
  })
}

inLab(
  'ps shows commands without what they took in of secrets, with a stack file or without',
  async ({ run, write }) => {
    await run('up', '-d')
    const tables = [await run('ps', '--no-trunc'), await run('ps', '--format', 'json', '--no-trunc')]
    write({ 'stack.yaml': 'not: [a stack' })
    tables.push(await run('-p', 'shop', 'ps', '--no-trunc'))
    for (const { code, out } of tables) {
      assert.is(code, 0)
      assert.not.match(out, TOKEN)
      assert.not.match(out, 'pw12')
      assert.match(out, 'serve --key •••••• ')
      assert.match(out, '--log=debug')
      assert.match(out, 'postgres://me:••••••@db/x')
    }
  },
)

const LITERALS = `
name: shop
services:
  api:
    image: web:1
    command: [sh, -c, "sleep 1000; serve --password=literal-pw-1 API_TOKEN=literal-pw-2"]
    environment: { ROOT_PASSWORD: literal-pw-3 }
    healthcheck: { test: [CMD-SHELL, "probe literal-pw-3 --token literal-pw-4"] }
`

inLab(
  'secrets that stand in commands are hidden in ps, in plans, before and after, and in config --explain',
  async (own) => {
    const { run, write } = own
    write({ 'stack.yaml': LITERALS })
    await run('up', '-d')
    const shown = [await run('ps', '--no-trunc'), await run('config', '--explain', 'services.api')]
    write({ 'stack.yaml': LITERALS.replaceAll('literal-pw', 'changed-pw') })
    shown.push(await run('plan'), await run('plan', '--format', 'json'), await run('config', '--explain', 'services'))
    for (const { out, err } of shown) assert.not.match(out + err, /(?:literal|changed)-pw/)
    assert.match(shown[0]?.out ?? '', "sh -c 'sleep 1000; serve --password=•••••• API_TOKEN=••••••'")
    assert.match(shown[1]?.out ?? '', 'probe •••••• --token ••••••')
  },
)

inLab('config --explain hides secrets in values, variables and lines alike; config shows them', async ({ run }) => {
  for (const path of ['services.api.command', 'services.api.command[3]', 'services.db', 'services']) {
    for (const format of [[], ['--format', 'json']]) {
      const { code, out, err } = await run('config', '--explain', path, ...format)
      assert.is(code, 0, err)
      assert.not.match(out + err, TOKEN)
      assert.not.match(out, 'POSTGRES_PASSWORD: db')
      assert.match(out, '••••••')
    }
  }
  assert.match((await run('config')).out, TOKEN)
})

inLab('a secret that changed is reported without dots for values', async ({ run, write }) => {
  await run('up', '-d')
  write({ 'stack.yaml': STACK.replace('POSTGRES_PASSWORD: db', 'POSTGRES_PASSWORD: other, NEW_TOKEN: x') })
  const { out } = await run('plan')
  assert.match(out, 'environment.POSTGRES_PASSWORD: changed (value hidden)')
  assert.match(out, 'environment.NEW_TOKEN: added (value hidden)')
  write({ 'stack.yaml': STACK.replace('{ POSTGRES_PASSWORD: db }', '{ MODE: x }') })
  assert.match((await run('plan')).out, 'environment.POSTGRES_PASSWORD: removed (value hidden)')
})

/** How a secret is written as a literal. */
const WRITTEN: Record<string, (secret: string) => string> = {
  'an option of MySQL': (secret) => `mysqladmin ping -h localhost -uroot -p${secret}`,
  'a long option': (secret) => `mysqldump --password=${secret} shop`,
  'a long option and a word': (secret) => `serve --requirepass ${secret} --port 1`,
  'a user and a password': (secret) => `curl -fsu elastic:${secret} http://db`,
  'an option of Redis': (secret) => `redis-cli -a ${secret} ping`,
  'a key in a URL': (secret) => `git clone https://${secret}@example.com/x`,
  'a URL': (secret) => `serve amqp://guest:${secret}@mq`,
  'a login': (secret) => `serve root:${secret}@tcp(mq:3306)/shop`,
  'a variable of a shell': (secret) => `PGPASSWORD=${secret} psql`,
  'a header': (secret) => `wget --header "Authorization: Bearer ${secret}" http://db`,
  'a hash': (secret) => `serve me:$$2y$$05$$${secret}aaaaaaaaaaaa`,
  'a statement': (secret) => `psql -c "ALTER USER me PASSWORD '${secret}'"`,
}

function stackWith(text: string): string {
  const api = {
    image: 'web:1',
    command: text,
    entrypoint: ['sh', '-c', text],
    healthcheck: { test: ['CMD-SHELL', text] },
    environment: { LINE: text },
    labels: { line: text, 'traefik.http.middlewares.x.basicauth.users': 'me:$$2y$$05$$abcdefghijkl' },
    post_start: [{ command: (text.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', '')) }],
  }
  return JSON.stringify({ name: 'shop', services: { api, db: { image: 'web:1' } } })
}

/** Times, the width of columns, directories, and hashes, of which those of Compose have no salt. */
const VARYING =
  /Less than a second(?: ago)?|\d+ seconds(?: ago)?|\(health\S*(?: starting\))?|"(?:Health|Status|CreatedAt)":"[^"]*"| +|config-hash=\w+|fingerprint=\{.*?\}\}|[^"=]*flotilla-command-\w+/g

/** What commands show of a stack that is up, of one that changes, and of one that is wrong. */
async function shownOf({ run, write }: Lab, way: (secret: string) => string, secret: string): Promise<string[]> {
  const block = stackWith(way(secret)).replaceAll(/(?<=[{,])"/g, '\n"')
  write({ 'stack.yaml': block })
  const lines = [['config', '--explain', 'services.api'], ['config', '--explain', 'services.api.command'], ['plan']]
  const shown = [await run(...(lines[0] as string[])), await run(...(lines[1] as string[]))]
  await run('up', '-d')
  shown.push(await run('ps', '--no-trunc'), await run('ps', '--format', 'json', 'api'))
  write({ 'stack.yaml': stackWith(`${way(secret)} more`) })
  shown.push(await run('plan'), await run('plan', '--format', 'json'))
  for (const mistake of ['"command":{},"x":', '"command":"${","x":', '"unknown":1,"command":'])
    for (const text of [block, stackWith(way(secret))]) {
      write({ 'stack.yaml': text.replaceAll('"command":', mistake) })
      shown.push(await run('config', '-q'))
    }
  return shown.map(({ out, err }) => (out + err).replaceAll(/(?<=stack\.yaml:\d+:)\d+/g, 'N').replaceAll(VARYING, ''))
}

for (const [name, way] of Object.entries(WRITTEN)) {
  test(`${name}: a literal secret is shown nowhere, nor whether it is a name`, async () => {
    const [plain, named] = await Promise.all(
      ['zq-unlikely-77', 'api'].map(async (secret) => {
        return withLab({}, { images: { 'web:1': { cmd: ['serve'] } } }, async (own) => {
          return await shownOf(own, way, secret)
        })
      }),
    )
    assert.not.match((plain ?? []).join('\n'), 'zq-unlikely')
    for (const [index, text] of (plain ?? []).entries()) assert.fixture(named?.[index] ?? '', text)
  })
}

test.run()
