import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { jsonLines } from '../../support/cli.ts'
import { type Lab, until, withLab } from '../support.ts'

const STACK = `
name: shop
services:
  db: { image: "db:1", container_name: storage, volumes: ["data:/data", "./x:/x:ro"], ports: ["127.0.0.1:13306:3306"] }
  web: { image: "web:1", labels: { tier: "front" }, ports: ["80", "8080"], scale: 2 }
volumes: { data: null }
`
const RUNS = { cmd: ['serve'], log: [{ after: 10, text: 'hello' }] }

function inLab(name: string, body: (own: Lab) => Promise<void>): void {
  test(name, async () => {
    await withLab({ 'stack.yaml': STACK }, { images: { 'db:1': { ...RUNS }, 'web:1': { ...RUNS } } }, async (own) => {
      assert.is((await own.run('up', '-d')).code, 0)
      await body(own)
    })
  })
}

async function out(own: Lab, ...argv: string[]): Promise<string> {
  const ran = await own.run(...argv)
  assert.is(ran.code, 0, ran.err)
  return ran.out
}

async function refused(own: Lab, ...argv: string[]): Promise<string> {
  const ran = await own.run(...argv)
  assert.equal([ran.code, ran.out], [1, ''], argv.join(' '))
  return ran.err
}

inLab('ps prints each field that Compose has, by json and by template', async (own) => {
  const [db] = jsonLines(await out(own, 'ps', '--format', 'json', 'db'))
  const names =
    'Command CreatedAt Engine ExitCode Health ID Image Labels LocalVolumes Mounts Name Names Networks Ports Project'
  assert.equal(Object.keys(db), [...names.split(' '), ...'Publishers RunningFor Service Size State Status'.split(' ')])
  assert.equal(
    [db.Names, db.Ports, db.Networks, db.ID.length],
    ['storage', '127.0.0.1:13306->3306/tcp', 'shop_default', 12],
  )
  const format = 'table {{.Name}}\\t{{.Label "tier"}}\\t{{range .Publishers}}{{.TargetPort}} {{end}}'
  const lines = (await out(own, 'ps', '--format', format)).split('\n').map((line) => line.trimEnd())
  const webs = ['shop-web-1   front     80 8080', 'shop-web-2   front     80 8080']
  assert.equal(lines, ['NAME         tier', 'storage                3306', ...webs, ''])
  const [whole] = jsonLines(await out(own, 'ps', '--format', 'json', '--no-trunc', 'db'))
  assert.is(whole.ID.length, 64)
})

inLab('ps filters by state; orphans can be left out', async (own) => {
  await own.run('stop', 'db')
  const services = (...flags: string[]) => out(own, 'ps', '--services', ...flags)
  assert.is(await services('--filter', 'status=exited'), 'db\n')
  assert.is(await services('--filter', 'status=exited', '--filter', 'status=running'), 'db\nweb\n')
  own.write({ 'stack.yaml': STACK.replace('  web:', '  other:') })
  assert.is(await services(), 'web\n')
  assert.is(await services('--orphans=false'), '')
  assert.match(await refused(own, 'ps', '--filter', 'name=x'), 'there is no filter "name"')
})

inLab("psFormat of the user's configuration is the format where none is given", async (own) => {
  const configured = async (format: string, ...argv: string[]) => {
    const dockerSetting = async (key: string) => (key === 'psFormat' ? format : undefined)
    return own.begin(['ps', ...argv], { dockerSetting }).ended
  }
  assert.is((await configured('{{.Service}}', 'db')).out, 'db\n')
  assert.match((await configured('{{.Service}}', '--format', 'table', 'db')).out, 'NAME')
  assert.match((await configured('{{.Nothing}}', 'db')).err, 'psFormat')
})

inLab('port prints where a port is published, of the container that is meant', async (own) => {
  assert.is(await out(own, 'port', 'db', '3306'), '127.0.0.1:13306\n')
  assert.is(await out(own, 'port', 'db'), '3306/tcp -> 127.0.0.1:13306\n')
  const second = await out(own, 'port', '--index', '2', 'web', '80')
  assert.is.not(second, await out(own, 'port', 'web', '80'))
  assert.match(await refused(own, 'port', 'db', '1'), '3306/tcp')
  assert.match(await refused(own, 'port', '--protocol', 'UDP', 'db', '3306'), '3306/udp')
  assert.match(await refused(own, 'port', '--index', '3', 'web', '80'), 'index 3')
  for (const wrong of ['0', '65536', 'http', '-1']) await refused(own, 'port', 'db', '--', wrong)
  await refused(own, 'port', 'nothing', '80')
})

inLab('ls lists projects, those of which nothing runs only if asked', async (own) => {
  const list = async (...flags: string[]) => JSON.parse(await out(own, 'ls', '--format', 'json', ...flags))
  const files = `${own.directory}/stack.yaml`
  assert.equal(await list(), [{ Name: 'shop', Status: 'running(3)', ConfigFiles: files }])
  await own.run('stop', 'db')
  assert.is((await list('-a'))[0].Status, 'exited(1), running(2)')
  await own.run('stop')
  assert.equal(await list(), [])
  assert.is(await out(own, 'ls', '-aq', '--filter', 'name=^sh'), 'shop\n')
  assert.is(await out(own, 'ls', '-aq', '--filter', 'name=x'), '')
  for (const wrong of ['name', 'label=x', 'name=(']) await refused(own, 'ls', '--filter', wrong)
})

inLab('images, volumes and top tell of the containers', async (own) => {
  const images = JSON.parse(await out(own, 'images', '--format', 'json', 'db'))
  assert.equal(
    images.map((each: Record<string, string>) => [each.ContainerName, each.Repository, each.Tag, each.Platform]),
    [['storage', 'db', '1', 'linux/amd64']],
  )
  assert.is((await out(own, 'images', '-q')).trim().split('\n').length, 1)
  assert.is(await out(own, 'volumes', '-q'), 'shop_data\n')
  assert.equal([await out(own, 'volumes', '-q', 'db'), await out(own, 'volumes', '-q', 'web')], ['shop_data\n', ''])
  assert.match(await out(own, 'volumes', '--format', '{{.Name}} {{.Scope}} {{.Driver}}'), 'shop_data local local')
  assert.match(await out(own, 'top'), /^SERVICE +# +UID +PID +CMD\ndb +1 +root/)
  await own.run('stop')
  assert.is(await out(own, 'top'), '')
})

inLab('events of the past are printed, without Compose labels and one-off containers', async (own) => {
  await own.run('run', '-d', '--name', 'once', 'web')
  const reported = jsonLines(await out(own, 'events', '--json', '--since', '1h', '--until', '0s', 'web'))
  const actions = reported.map(({ action }) => action)
  assert.equal(
    [actions.includes('create'), actions.includes('start'), actions.includes('destroy')],
    [true, true, false],
  )
  for (const { service, type, attributes } of reported) {
    assert.is.not(attributes.name, 'once')
    assert.equal([service, type], ['web', 'container'])
    assert.not(Object.keys(attributes).some((each) => each.startsWith('com.docker.compose.')))
  }
  const text = await out(own, 'events', '--since', '1h', '--until', '0s', 'db')
  assert.match(text, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6} container create [0-9a-f]{64} \(.*name=storage.*\)$/m)
})

inLab('events and stats are followed until Ctrl-C', async (own) => {
  for (const [argv, call, sign] of [
    [['events'], 'events', 'container stop'],
    [['stats', '--format', '{{.Name}} {{.CPUPerc}}'], 'stats', 'storage 50.00%'],
  ] as const) {
    own.engine.calls.length = 0
    const command = own.begin([...argv])
    await until(() => own.engine.calls.some(({ method }) => method === call))
    await own.run('restart', 'db')
    await until(() => command.out().includes(sign))
    command.interrupt()
    assert.is((await command.ended).code, 130)
  }
})

inLab('stats prints one sample of what runs, or of all', async (own) => {
  await own.run('stop', 'web')
  const format = '{{.Name}} {{.CPUPerc}} {{.MemUsage}} {{.MemPerc}} {{.PIDs}}'
  const sample = (...flags: string[]) => out(own, 'stats', '--no-stream', '--format', format, ...flags)
  assert.is(await sample(), 'storage 50.00% 2MiB / 100MiB 2.00% 1\n')
  assert.match(await sample('-a'), 'shop-web-1 0.00% 0B / 0B 0.00% 0\n')
  assert.is(await sample('web'), '')
})

inLab('what a terminal shows of stats is drawn over', async (own) => {
  const command = own.begin(['stats'], { isTTY: true })
  await until(() => command.out().split('\u001b[H').length > 3)
  command.interrupt()
  const { out: printed } = await command.ended
  assert.is(printed.split('\u001b[2J').length, 2)
})

inLab('logs calls a container by its own name, and knows its number', async (own) => {
  await own.engine.clock.sleep(100)
  const logs = async (...argv: string[]) => (await out(own, 'logs', ...argv)).trim().split('\n').sort()
  assert.equal(await logs(), ['storage  | hello', 'web-1    | hello', 'web-2    | hello'])
  assert.equal(await logs('--index', '2', 'web'), ['web-2  | hello'])
  assert.match(await refused(own, 'logs', '--index', '2'), 'one service')
  assert.match(await refused(own, 'logs', '--index', '3', 'web'), 'index 3')
})

inLab('commands that only look go by the name of the project, whatever its file says', async (own) => {
  own.write({ 'stack.yaml': 'not: [a stack' })
  for (const argv of [['ps'], ['port', 'db', '3306'], ['images'], ['volumes'], ['top'], ['stats', '--no-stream']]) {
    assert.is((await own.run('-p', 'shop', ...argv)).code, 0, argv.join(' '))
  }
})

inLab('the table of ps looks up no time zone, which takes tens of milliseconds', async (own) => {
  const real = Intl.DateTimeFormat
  const used: string[] = []
  const spy = new Proxy(real, {
    construct(target, args) {
      used.push(String(args[0]))
      return new target(...args)
    },
  })
  Intl.DateTimeFormat = spy
  try {
    await out(own, 'ps')
    assert.equal(used, [])
    await out(own, 'ps', '--format', '{{.CreatedAt}}')
    assert.ok(used.length > 0)
  } finally {
    Intl.DateTimeFormat = real
  }
})

test.run()
