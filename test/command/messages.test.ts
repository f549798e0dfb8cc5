import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { widthOf } from '../../src/view/width.ts'
import { type Lab, withLab } from './support.ts'

const IMAGES = { 'mysql:8': { cmd: ['serve'] }, 'web:1': { cmd: ['serve'] } }
const STACK = `
name: shop
services:
  db:
    image: mysql:8
    environment: { MYSQL_ROOT_PASSWORD: hunter22x }
    ports: ["127.0.0.1:13306:3306"]
  web: { image: "web:1" }
`

async function inLab(files: Record<string, string>, body: (lab: Lab) => Promise<void>, images = IMAGES): Promise<void> {
  await withLab(files, { images }, body)
}

test('endpoints says how to see what it hides, in the table and in JSON', async () => {
  await inLab({ 'stack.yaml': STACK }, async ({ run }) => {
    await run('up', '-d')
    const table = await run('endpoints')
    assert.match(table.out, '••••@')
    assert.match(table.err, '--show-secrets')
    const [db] = JSON.parse((await run('endpoints', '--format', 'json')).out)
    assert.match(db.hint, '--show-secrets')
    const shown = await run('endpoints', '--show-secrets')
    assert.match(shown.out, 'hunter22x')
    assert.is(shown.err, '')
    const [open] = JSON.parse((await run('endpoints', '--show-secrets', '--format', 'json')).out)
    assert.is(open.hint, undefined)
  })
})

const names = fc.stringMatching(/^[a-z]{1,30}$/)
const ports = fc.uniqueArray(fc.integer({ min: 2000, max: 60_000 }), { maxLength: 4 })

test('on a terminal of 80 columns no line of ps is longer; what is piped is whole', async () => {
  await fc.assert(
    fc.asyncProperty(names, names, names, ports, async (project, service, image, published) => {
      const list = published.map((port) => `"${port}:${port}"`).join(', ')
      const stack = `name: ${project}\nservices: {${service}: {image: "registry.example/${image}:1", ports: [${list}]}}\n`
      const images = { [`registry.example/${image}:1`]: { cmd: ['serve', 'x'.repeat(50)] } }
      await inLab(
        { 'stack.yaml': stack },
        async ({ run, begin }) => {
          await run('up', '-d')
          const { out } = await begin(['ps'], { isTTY: true, columns: 80 }).ended
          for (const line of out.split('\n')) assert.ok(widthOf(line) <= 80, line)
          const piped = (await run('ps')).out
          for (const part of [`${project}-${service}-1`, `registry.example/${image}:1`]) assert.match(piped, part)
        },
        images as unknown as typeof IMAGES,
      )
    }),
    { numRuns: 15 },
  )
})

test('a mounted file that is missing is reported, a directory is not', async () => {
  const volumes = (list: string) =>
    STACK.replace('web: { image: "web:1" }', `web: { image: "web:1", volumes: [${list}] }`)
  const files = { 'there.csv': 'x', 'data.csv': 'x' }
  const reported = async (list: string) => {
    let err = ''
    await inLab({ ...files, 'stack.yaml': volumes(list) }, async ({ run }) => {
      const ran = await run('up', '-d')
      assert.is(ran.code, 0, ran.err)
      err = ran.err
    })
    return err
  }
  for (const list of [
    './dta.csv:/data.csv',
    './conf/nginx.conf:/etc/nginx/nginx.conf:ro',
    './Caddyfile:/etc/Caddyfile',
  ])
    assert.match(await reported(list), 'does not exist: the engine creates a directory in its place', list)
  assert.match(await reported('./dta.csv:/data.csv'), 'did you mean "data.csv"?')
  const harmless = ['./there.csv:/data.csv', './conf.d:/etc/conf.d', './data:/data', './.ssh:/root/.ssh', './v1.2:/v']
  for (const list of harmless) assert.not.match(await reported(list), 'makes a directory', list)
})

test('a failure shows its cause once, and the counts of the steps agree', async () => {
  const sick = { ...IMAGES, 'web:1': { cmd: ['serve'], exits: { after: 10, code: 3 }, log: [] } }
  const stack = STACK.replace(
    'web: {',
    'edge: { image: "mysql:8", depends_on: { web: { condition: service_completed_successfully } } }\n  web: {',
  )
  await inLab(
    { 'stack.yaml': stack },
    async ({ run }) => {
      const { err } = await run('up', '-d')
      assert.is(err.match(/web ended with exit code 3/g)?.length, 1, err)
    },
    sick as unknown as typeof IMAGES,
  )
})

test.run()
