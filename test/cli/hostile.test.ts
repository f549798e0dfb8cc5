import { spawnSync } from 'node:child_process'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { lab, type Ran } from '../command/support.ts'
import { ensureBuilt, MAIN } from '../support/cli.ts'
import { GROWING, type HostileCase, namingFile, PLANS, REFUSED } from './hostile-cases.ts'

const SMALL = 500
const TIMES = 4
/** Four times the size takes four times the time if it is linear, sixteen times if it is quadratic. */
const MOST_GROWTH = 9
/** Milliseconds of processor time below which growth is noise. */
const NOTHING = 100
/** Of what is refused for its size. */
const MOST_TIME = 6000

for (const [name, make] of Object.entries(GROWING)) {
  test(`${name}: reported, in time that grows with the size`, async () => {
    let [small, large, isLinear] = [Infinity, Infinity, false]
    // The fastest of some: whatever else the machine does only makes runs slower.
    for (let round = 0; round < 4 && !isLinear; round++) {
      small = Math.min(small, await timeOf(name, make(SMALL)))
      large = Math.min(large, await timeOf(name, make(SMALL * TIMES)))
      isLinear = large <= Math.max(NOTHING, MOST_GROWTH * small)
    }
    assert.ok(isLinear, `${small} ms, then ${large} ms`)
  })
}

for (const [name, hostile] of Object.entries(REFUSED)) {
  test(`${name}: refused, with a place`, async () => {
    const time = await timeOf(name, hostile)
    assert.ok(time < MOST_TIME, `${time} ms`)
  })
}

for (const device of ['/dev/zero', '/dev/random']) {
  for (const [name, hostile] of Object.entries(namingFile(device))) {
    test(`${device} as ${name}: given up`, async () => {
      const before = process.memoryUsage().rss
      await timeOf(name, { names: new RegExp(device), ...hostile })
      assert.ok(process.memoryUsage().rss - before < 400 * 1024 * 1024)
    })
  }
}

for (const [at, text] of PLANS.entries()) {
  test(`saved plan ${at}: refused`, async () => {
    for (const argv of [
      ['apply', 'p'],
      ['--dry-run', 'apply', 'p'],
    ])
      await timeOf(text, { files: { p: text, 'compose.yaml': 'services: { a: { image: x } }' }, argv, names: /./ })
  })
}

test('the built program ends within its memory, too', () => {
  ensureBuilt()
  const PEAK = 'data:text/javascript,process.on("exit",()=>console.error("peak",process.resourceUsage().maxRSS))'
  for (const argv of [
    ['-f', '/dev/zero', 'config'],
    ['apply', '/dev/random'],
    ['--env-file', '/dev/zero', 'ps'],
  ]) {
    const ran = spawnSync(process.execPath, ['--import', PEAK, '--', MAIN, ...argv], {
      encoding: 'utf8',
      timeout: 20_000,
    })
    assert.is(ran.status, 1, ran.stderr)
    assert.match(ran.stderr, /^error\[file-unreadable\]: \/dev\/\w+ cannot be read: it is larger than 32 MiB/)
    assert.ok(Number(/peak (\d+)/.exec(ran.stderr)?.[1]) < 400 * 1024, ran.stderr)
  }
})

/** Processor time of a command, in milliseconds, once what it says is looked at. A bug rejects. */
async function timeOf(name: string, { files, argv, code = 1, names }: HostileCase): Promise<number> {
  const place = lab(files)
  try {
    const before = process.cpuUsage()
    const ran = await place.run(...argv)
    const { user, system } = process.cpuUsage(before)
    assert.is(ran.code, code, `${name}: ${ran.err.slice(0, 2000)}`)
    if (code === 1) assertTold(ran, names)
    return (user + system) / 1000
  } finally {
    place.remove()
  }
}

function assertTold({ out, err }: Ran, names: RegExp = /--> [^\n]+:\d+:\d+$/m): void {
  assert.match(err, /^error\[[\w-]+\]: .{3,}$/m)
  assert.match(err, names)
  assert.not.match(out + err, CONTROLS)
  assert.ok(err.length < 200_000, `${err.length} characters`)
}

/** Whatever a terminal would obey. */
const CONTROLS = /[^\P{Cc}\t\n]/u

test.run()
