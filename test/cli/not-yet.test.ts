import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { commandsOf, ownName } from '../../src/cli/command.ts'
import { COMMANDS_NOT_YET, commandLeftOut } from '../../src/cli/not-yet.ts'
import { runProgram } from '../../src/cli/program.ts'
import { COMMANDS } from '../../src/command/table.ts'
import { testHost } from './support.ts'

/** Every command of docker compose 5.5, hidden ones too. */
const COMPOSE =
  `alpha attach bridge build commit config convert cp create down events exec export images kill logs ls pause port ps publish pull push
  restart rm run scale start stats stop top unpause up version volumes wait watch`.split(/\s+/)

async function reported(...argv: string[]): Promise<string> {
  const host = testHost(argv)
  assert.is(await runProgram(host.host, COMMANDS), 1)
  return host.err()
}

test('every command of docker compose is there, or is said not to be there yet', async () => {
  for (const name of COMPOSE.filter((each) => !(ownName(COMMANDS, each) in commandsOf(COMMANDS))))
    assert.match(await reported(name), `no command "${name}"${commandLeftOut(name) ? ': ' : ' yet'}`)
})

test('existing commands are not listed as missing', async () => {
  for (const name of COMMANDS_NOT_YET) assert.not.ok(name in commandsOf(COMMANDS), name)
})

test('another name of a command is called as that command is, and stands in no help', async () => {
  for (const { aliases = {} } of COMMANDS) {
    for (const [alias, name] of Object.entries(aliases)) {
      const helps = [alias, name].map((each) => testHost([each, '--help']))
      for (const { host } of helps) assert.is(await runProgram(host, COMMANDS), 0)
      assert.is(helps[0]?.out(), helps[1]?.out())
      const whole = testHost(['help'])
      await runProgram(whole.host, COMMANDS)
      assert.not.match(whole.out(), new RegExp(`^ +${alias} `, 'm'))
    }
  }
})

const MEANT: [word: string, hint: string | undefined][] = [
  ['upp', '"up"'],
  ['rnu', '"run"'],
  ['confg', '"config"'],
  ['restrat', '"restart"'],
  ['endpoint', '"endpoints"'],
  ['biuld', '"build"'],
  ['status', 'flotilla ps'],
  ['delete', 'flotilla down'],
  ['shell', 'flotilla exec'],
  ['validate', 'flotilla config -q'],
  // Near in letters alone.
  ['mv', undefined],
  ['rmi', undefined],
  ['grep', undefined],
  ['point', undefined],
]

test('a word that is no command leads to what was meant, or to the list', async () => {
  for (const [word, hint] of MEANT) {
    const text = await reported(word)
    if (hint === undefined) assert.not.match(text, 'did you mean', word)
    else assert.match(text, `did you mean ${hint}`, word)
    assert.match(text, 'flotilla help lists the commands')
  }
})

const FLAGS: [argv: string[], reported: string][] = [
  [['up', '--detached'], 'did you mean --detach?'],
  [['up', '--remote'], 'see flotilla up --help'],
]

test('a flag that does not exist leads to what was meant', async () => {
  for (const [argv, words] of FLAGS) assert.match(await reported(...argv), words)
  assert.not.match(await reported('run', '--rmi', 'web'), 'did you mean')
})

test.run()
