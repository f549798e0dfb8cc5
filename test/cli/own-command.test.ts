import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { commandsOf } from '../../src/cli/command.ts'
import { commandHelp, programHelp } from '../../src/cli/help.ts'
import { ownCommandLine, shellWord } from '../../src/cli/own-command.ts'
import { runProgram } from '../../src/cli/program.ts'
import { COMMANDS } from '../../src/command/table.ts'
import { sources } from '../support/sources.ts'
import { testHost } from './support.ts'

const SOURCE = { file: [], envFile: [], profile: [] }
const called = { calledAs: 'flotilla', source: SOURCE, project: 'lab' }

test('a command line repeats what selected the stack', () => {
  const source = {
    file: ['a b.yaml', 'c.yaml'],
    projectName: 'x',
    projectDirectory: '..',
    envFile: ['e'],
    profile: ['p'],
  }
  const flags = "-f 'a b.yaml' -f c.yaml -p x --project-directory .. --env-file e --profile p"
  assert.is(ownCommandLine({ ...called, source }, 'logs'), `flotilla ${flags} logs`)
  assert.is(ownCommandLine({ ...called, source, calledAs: 'docker compose' }, 'up'), `docker compose ${flags} up`)
  assert.is(ownCommandLine({ ...called, source }, 'help'), 'flotilla help')
  assert.is(ownCommandLine(called, 'logs'), 'flotilla logs')
})

test('the project stands for a stack from standard input, except where the stack itself is needed', () => {
  const source = { ...SOURCE, file: ['-'] }
  assert.is(ownCommandLine({ ...called, source }, 'logs'), 'flotilla -p lab logs')
  assert.is(ownCommandLine({ ...called, source }, 'up'), 'flotilla -f - up')
  assert.is(ownCommandLine({ ...called, source, project: undefined }, 'logs'), 'flotilla -f - logs')
})

test('a law: a shell reads back each word as it was', () => {
  const letter = fc.constantFrom('a', 'é', "'", '"', ' ', '$', '\\', '\n', '`', '!', '*', '~')
  const word = fc.array(letter, { maxLength: 6 }).map((letters) => letters.join(''))
  const words = fc.array(word, { minLength: 30, maxLength: 30 })
  fc.assert(
    fc.property(words, (words) => {
      const script = `printf '%s\\0' ${words.map(shellWord).join(' ')}`
      assert.is(spawnSync('sh', ['-c', script], { encoding: 'utf8' }).stdout, words.map((each) => `${each}\0`).join(''))
    }),
    { numRuns: 5 },
  )
})

/** Help describes the program as it is installed; the mark of an installed plugin identifies it. */
async function fixedTexts(): Promise<string> {
  const commands = await Promise.all(Object.values(commandsOf(COMMANDS)).map((load) => load()))
  const style = { columns: 200, wrapAt: Infinity, documentation: (path: string) => path }
  const texts: string[] = [
    'flotilla plugin install',
    programHelp([], style),
    ...commands.map((each) => commandHelp(each, style)),
  ]
  JSON.stringify(commands, (_, value) => {
    if (typeof value === 'string') texts.push(value)
    return value
  })
  return texts.join('\n')
}

test('a law: every sentence that names a command marks it, so that it can be completed', async () => {
  const names = Object.keys(commandsOf(COMMANDS)).filter((name) => !name.startsWith('_'))
  const naming = new RegExp(`flotilla (?:${[...names, 'help'].join('|')})\\b[^'"\`\\n$\\\\]*`, 'g')
  const fixed = await fixedTexts()
  const unmarked = [...sources()].flatMap(([file, text]) =>
    [...text.matchAll(naming)].flatMap(([words]) => (fixed.includes(words) ? [] : [`${file}: ${words}`])),
  )
  assert.equal(unmarked, [])
})

test('help and usage errors name the program as it was called', async () => {
  for (const argv of [['up', '--help'], ['help'], ['up', '--nosuchflag'], ['nosuchcommand']]) {
    const { host, out, err } = testHost(argv, { calledAs: 'docker compose' })
    await runProgram(host, COMMANDS)
    assert.match(out() + err(), /docker compose (?:up|help|\[)/, argv.join(' '))
    assert.not.match(out() + err(), /(?<!docker )flotilla (?:up|help|\[)/, argv.join(' '))
  }
})

test.run()
