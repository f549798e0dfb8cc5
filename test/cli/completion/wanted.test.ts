import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { commandsOf } from '../../../src/cli/command.ts'
import { type Wanted, wantedAt } from '../../../src/cli/completion/wanted.ts'
import { convert } from '../../../src/cli/convert.ts'
import type { Flags } from '../../../src/cli/flag.ts'
import { withGlobals } from '../../../src/cli/globals.ts'
import { COMMANDS } from '../../../src/command/table.ts'

const commands = await Promise.all(Object.values(commandsOf(COMMANDS)).map((load) => load()))
const named = (name: string) => commands.find((each) => each.name === name)
const at = (name: string | undefined, words: string[], current = '') =>
  wantedAt({ command: name === undefined ? undefined : named(name), words }, current, [{ word: 'up' }])
const only = (wanted: Partial<Wanted>) => ({ words: [], prefix: '', ...wanted })
const words = (wanted: Wanted) => wanted.words.map(({ word }) => word)

const CASES: Record<string, [wanted: Wanted, expected: Partial<Wanted>]> = {
  'a command': [at(undefined, []), { words: [{ word: 'up' }] }],
  'a command behind global flags': [at(undefined, ['-p', 'x', '--dry-run']), { words: [{ word: 'up' }] }],
  'a stack file': [at(undefined, ['-f']), { paths: 'files' }],
  'a folder': [at(undefined, ['--project-directory']), { paths: 'folders' }],
  'a project': [at(undefined, ['-p']), { names: 'projects' }],
  'a project, behind the command': [at('up', ['-d', '--project-name']), { names: 'projects' }],
  'a profile': [at('up', ['--profile']), { names: 'profiles' }],
  'a profile with =': [at('up', [], '--profile=de'), { names: 'profiles', prefix: '--profile=' }],
  'a service': [at('up', ['-d']), { names: 'services' }],
  'one more service': [at('stop', ['a', 'b']), { names: 'services' }],
  'no second container': [at('attach', ['a']), {}],
  'a service as value': [at('up', ['--exit-code-from']), { names: 'services' }],
  'a number': [at('exec', ['--index']), {}],
  'a service to run in': [at('exec', ['-T']), { names: 'services' }],
  'a program in it': [at('exec', ['-T', 'web']), { paths: 'files' }],
  'flags of a program in it': [at('exec', ['web', 'ls'], '--'), { paths: 'files' }],
  'a service and its number': [at('scale', ['a=1']), { names: 'services', suffix: '=' }],
  'either side of a copy': [at('cp', ['a:/x']), { names: 'services', suffix: ':', paths: 'files' }],
}

for (const [name, [wanted, expected]] of Object.entries(CASES))
  test(`completion looks for: ${name}`, () => assert.equal(wanted, only(expected)))

test('a law: of every command each flag that help shows is offered, and no other', () => {
  for (const { name, flags } of commands) {
    const all: Flags = withGlobals(flags)
    const shown = Object.keys(all).filter((flag) => !all[flag]?.hidden)
    const offered = words(at(name, [], '--')).filter((word) => !word.startsWith('--no-') || word.slice(2) in all)
    assert.equal(offered.sort(), shown.map((flag) => `--${flag}`).sort(), name)
  }
})

test('a law: what is offered as the value of a flag is accepted', () => {
  for (const { name, flags } of commands)
    for (const [flag, definition] of Object.entries<Flags[string]>(withGlobals(flags))) {
      const offered = words(at(name, [], `--${flag}=`))
      const known = definition.type === 'boolean' ? ['true', 'false'] : (definition.choices ?? definition.suggestions)
      if (known) assert.equal(offered, [...known], `${name} --${flag}`)
      if (definition.type !== 'boolean') assert.equal(words(at(name, [`--${flag}`])), offered, `${name} --${flag}`)
      for (const word of offered) assert.ok('value' in convert(definition, word), `${name} --${flag} ${word}`)
    }
})

test.run()
