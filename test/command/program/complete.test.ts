import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { commandsOf } from '../../../src/cli/command.ts'
import { SCRIPTS } from '../../../src/cli/completion/scripts.ts'
import { convert } from '../../../src/cli/convert.ts'
import type { Flag } from '../../../src/cli/flag.ts'
import { GLOBAL_FLAGS } from '../../../src/cli/globals.ts'
import { COMMANDS } from '../../../src/command/table.ts'
import { signalNumber } from '../../../src/stack/signal.ts'
import { ensureBuilt, MAIN } from '../../support/cli.ts'
import { withFolder } from '../../support/folder.ts'
import { type Lab, withLab } from '../support.ts'

const STACK = `
name: shop
services:
  db: {image: app:1}
  web: {image: app:1}
  tools: {image: app:1, profiles: [dev, ci]}
`

async function inShop(body: (shop: Lab, offered: (...words: string[]) => Promise<string[]>) => Promise<void>) {
  await withLab({ 'stack.yaml': STACK }, { images: { 'app:1': {} } }, async (shop) => {
    await body(shop, async (...words) => {
      const { out, err, code } = await shop.run('__completeNoDesc', ...words)
      assert.equal([err, code], ['', 0])
      return out.trimEnd().split('\n')
    })
  })
}

test('services of the stack file are offered, those of all profiles too', () =>
  inShop(async (_, offered) => {
    assert.equal(await offered('up', ''), ['db', 'web', 'tools', ':4'])
    assert.equal(await offered('logs', '-f', 'w'), ['web', ':4'])
    assert.equal(await offered('-f', 'stack.yaml', 'logs', 'w'), ['web', ':4'])
    assert.equal(await offered('up', '--profile', ''), ['dev', 'ci', ':4'])
    assert.equal(await offered('up', '--profile=c'), ['--profile=ci', ':4'])
    assert.equal(await offered('scale', 'd'), ['db=', ':6'])
  }))

test('without a stack file that can be used, services and projects are those on the engine', () =>
  inShop(async (shop, offered) => {
    await shop.run('up', '-d')
    shop.write({ 'stack.yaml': `${STACK}  bad: [` })
    assert.equal(await offered('-p', 'shop', 'stop', ''), ['db', 'web', ':4'])
    assert.equal(await offered('-p', ''), ['shop', ':4'])
    assert.equal(await offered('-p', 'other', 'stop', ''), [':4'])
  }))

test('nothing that is wrong on the line is said', () =>
  inShop(async (_, offered) => {
    assert.equal(await offered('nosuch', ''), [':4'])
    assert.equal(await offered('-f', 'gone.yaml', 'up', '--pull', 'p'), ['policy', ':4'])
    assert.equal(await offered('up', '--nosuch', '--pul'), ['--pull', ':4'])
  }))

test('every flag with known values offers them, and accepts them', () =>
  inShop(async (_, offered) => {
    const commands = await Promise.all(Object.values(commandsOf(COMMANDS)).map((load) => load()))
    for (const { name, flags } of [...commands, { name: 'version', flags: GLOBAL_FLAGS }]) {
      for (const [key, flag] of Object.entries<Flag>(flags)) {
        const known = flag.choices ?? flag.suggestions
        if (!known) continue
        const end = known.some((word) => word.endsWith('=')) ? ':6' : ':4'
        assert.equal(await offered(name, `--${key}`, ''), [...known, end], `${name} --${key}`)
        if (flag.short) assert.equal(await offered(name, `-${flag.short}`, ''), [...known, end])
        for (const word of known) assert.ok('value' in convert(flag, word))
      }
    }
  }))

test('values of flags are states, signals, formats, services and booleans', () =>
  inShop(async (_, offered) => {
    assert.equal(await offered('ps', '--status', 're'), ['restarting', 'removing', ':4'])
    assert.equal(await offered('ps', '--filter', 'status=p'), ['status=paused', ':4'])
    assert.equal(await offered('ps', '--format='), ['--format=table', '--format=json', ':4'])
    assert.equal(await offered('ls', '--filter', ''), ['name=', ':6'])
    assert.equal(await offered('up', '--scale', 'w'), ['web=', ':6'])
    assert.equal(await offered('config', '--hash', ''), ['*', 'db', 'web', 'tools', ':4'])
    assert.equal(await offered('convert', '--format', 'j'), ['json', ':4'])
    assert.equal(await offered('attach', '--sig-proxy='), ['--sig-proxy=true', '--sig-proxy=false', ':4'])
    const signals = (await offered('kill', '-s', '')).slice(0, -1)
    assert.ok(signals.includes('SIGTERM'))
    assert.ok(signals.every((name) => signalNumber(name) !== undefined))
  }))

test("docker's scripts get values without the flag in front of them, which they add", () =>
  inShop(async (shop) => {
    for (const line of [
      ['logs', '--tail='],
      ['ps', '--filter=status=ru'],
      ['logs', 'w'],
      ['up', '--pul'],
    ]) {
      const [own, dockers] = await Promise.all(
        [{}, { plugin: 'flotilla' }].map((host) => shop.begin(['__completeNoDesc', ...line], host).ended),
      )
      const [flag = ''] = /^-.*?=/.exec(line.at(-1) ?? '') ?? []
      const added = dockers?.out.replace(/^(?!:)/gm, flag)
      assert.is(added?.replace(new RegExp(`${flag}$`), ''), own?.out)
    }
  }))

/** How each shell says what it would offer behind a line. */
const SHELLS: Record<string, (line: string) => string[]> = {
  bash: (line) => {
    const script = `${SCRIPTS.bash}\nCOMP_LINE=$1 COMP_POINT=\${#1}; _flotilla; printf '%s\\n' "\${COMPREPLY[@]}"`
    return ['bash', '-c', script, 'bash', line]
  },
  fish: (line) => [
    'fish',
    '--no-config',
    '-c',
    `${SCRIPTS.fish}\ncomplete -C '${line}' | string replace -r '\\t.*' ''; true`,
  ],
}

for (const [shell, argv] of Object.entries(SHELLS)) {
  const isThere = (() => {
    try {
      return execFileSync(shell, ['--version']).length > 0
    } catch {
      return false
    }
  })()
  if (!isThere) console.log(`skipped: there is no ${shell}`)
  const check = isThere ? test : test.skip
  check(`${shell} offers what the program says, and paths where it wants paths`, () =>
    withFolder({}, async (folder) => {
      ensureBuilt()
      mkdirSync(join(folder, 'folder/inner'), { recursive: true })
      writeFileSync(join(folder, 'stack.yaml'), STACK)
      writeFileSync(join(folder, 'folder/file'), '')
      symlinkSync(MAIN, join(folder, 'flotilla'))
      const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` }
      const offered = (line: string) => {
        const [file = '', ...rest] = argv(line)
        const output = execFileSync(file, rest, { cwd: folder, env, encoding: 'utf8' })
        return output
          .split('\n')
          .filter(Boolean)
          .map((each) => each.replace(/\/$/, ''))
          .sort()
      }
      assert.equal(offered('flotilla unpau'), ['unpause'])
      assert.equal(offered('flotilla logs '), ['db', 'tools', 'web'])
      assert.equal(offered('flotilla stop w'), ['web'])
      assert.equal(offered('flotilla -f st'), ['stack.yaml'])
      assert.equal(offered('flotilla --project-directory fo'), ['folder'])
      assert.equal(offered('flotilla --project-directory folder/'), ['folder/inner'])
      assert.equal(offered('flotilla nosuch '), [])
    }),
  )
}

test.run()
