// Compares the commands and flags of `flotilla` with those of `docker compose`, hidden ones too.
//   node scripts/compare-commands.mjs
// Prints what is missing or different; exits 1 where a difference is not in the table of docs/compose-support.md, or one there is none.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findCompose } from './compose-plugin.mjs'
import { runAsScript, UserError } from './lib/process.mjs'
import { root } from './lib/project.mjs'

const FLOTILLA = [process.execPath, join(root, 'dist/main.js')]
const TABLE = join(root, 'docs/compose-support.md')
const AT_ONCE = 4

/** Of docker compose 5.5, where the one at hand is older: docs/reference of docker/compose. */
const LATER = {
  commands: ['convert', 'volumes'],
  flags: { start: ['wait', 'wait-timeout'], run: ['no-tty'], exec: ['no-tty'] },
}

/** Accepted by docker compose and shown by no help; what scripts still type. Commands by name, '' for what stands before them. */
const HIDDEN = {
  '': ['verbose', 'workdir', 'no-ansi', 'insecure-registry'],
  build: ['parallel', 'compress', 'force-rm', 'no-rm', 'progress'],
  exec: ['interactive', 'tty', 'no-TTY'],
  pull: ['parallel', 'no-parallel'],
  rm: ['all'],
  run: ['tty', 'no-TTY'],
}

/** An option at the start of a line; what is indented further goes on with the line before. */
const OPTION = /^ {2,6}(?:-(\w), )?--(?:\[no-\])?([\w-]+)(?:,? --[\w-]+)*(?: ([A-Za-z][\w=:|,[\].-]*))?(?= {2,}|$)/

/** Flags of a help text by their long names, each with its letter and whether it has a value. */
export function flagsIn(help) {
  const flags = new Map()
  for (const line of help.split('\n')) {
    const [, letter, name, value] = OPTION.exec(line) ?? []
    if (name !== undefined) flags.set(name, { letter, hasValue: value !== undefined })
  }
  return flags
}

/** The commands that a help text of docker compose lists. */
export function commandsIn(help) {
  const lists = help.split(/^(?:Management )?Commands:$/m).slice(1)
  return lists.flatMap((list) => [...list.matchAll(/^ {2}(\w+) /gm)].map(([, name]) => name))
}

/** What a program prints, whatever its exit code. */
function said([program, ...first], args) {
  return new Promise((done) => {
    execFile(program, [...first, ...args], { cwd: '/' }, (_, out, err) => done(out + err))
  })
}

/** Rows of the table of deliberate differences: `{ command, flag }`, the flag empty for a whole command. */
export function listed(markdown) {
  const [, section = ''] = markdown.split('\n## Commands and flags that differ\n')
  const rows = section.split('\n## ')[0].matchAll(/^\| `([\w ]*)` \| (?:`--([\w-]+)`)? ?\|/gm)
  return [...rows].map(([, command, flag = '']) => ({ command, flag }))
}

/** Every difference: `{ command, flag, what }`, the flag empty for a whole command. */
export async function differences() {
  const found = await findCompose()
  if (!found) throw new UserError('there is no docker compose to compare with: node scripts/compose-plugin.mjs')
  const help = await said(found.words, ['--help'])
  const names = [...new Set(['', ...commandsIn(help), ...LATER.commands, 'alpha'])].sort()
  const all = await inTurn(names, (name) => differencesOf(found.words, name))
  return all.flat()
}

async function differencesOf(compose, name) {
  const words = name === '' ? [] : [name]
  const [theirs, ours] = await Promise.all([compose, FLOTILLA].map((each) => said(each, [...words, '--help'])))
  if (/^error/m.test(ours)) return [{ command: name, flag: '', what: 'missing' }]
  const wanted = flagsIn(theirs)
  const own = new Map([...(await globalFlags()), ...flagsIn(ours)])
  const unknown = await unknownTo(words, [...wanted.keys(), ...(LATER.flags[name] ?? []), ...(HIDDEN[name] ?? [])])
  const missing = unknown.map((flag) => ({ command: name, flag, what: 'missing' }))
  const other = [...wanted].flatMap(([flag, theirs]) =>
    whatDiffers(theirs, own.get(flag)).map((what) => ({ command: name, flag, what })),
  )
  return [...missing, ...other.filter(({ flag }) => !unknown.includes(flag))]
}

let globals
function globalFlags() {
  globals ??= said(FLOTILLA, ['--help']).then(flagsIn)
  return globals
}

function whatDiffers(theirs, ours) {
  if (!ours) return ['is accepted, but help does not show it']
  const letter = theirs.letter && theirs.letter !== ours.letter ? [`has not the letter -${theirs.letter}`] : []
  const value = theirs.hasValue !== ours.hasValue ? [theirs.hasValue ? 'has no value' : 'has a value'] : []
  return [...letter, ...value]
}

/** Those that flotilla does not know: it reports all at once. */
async function unknownTo(words, flags) {
  const given = flags.map((flag) => `--${flag}=1`)
  const text = await said(FLOTILLA, [...words, ...given, '--help'])
  return flags.filter((flag) =>
    text.split('\n').some((line) => line.includes(`unknown flag --${flag}`) && line.trimEnd().endsWith(flag)),
  )
}

/** A few at a time, in order. */
async function inTurn(items, work) {
  const results = []
  const queue = items.entries()
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return results
}

/** Differences that the table does not have, and rows of it that are no difference any more. */
export function judged(found, markdown) {
  const key = ({ command, flag }) => `${command} --${flag}`
  const [known, there] = [new Set(listed(markdown).map(key)), new Set(found.map(key))]
  return {
    unlisted: found.filter((each) => !known.has(key(each))),
    idle: listed(markdown).filter((each) => !there.has(key(each))),
  }
}

await runAsScript(import.meta.url, async () => {
  const found = await differences()
  const text = ({ command, flag, what }) => `${command || '(before a command)'} ${flag && `--${flag} `}${what}`
  for (const each of found) console.log(text(each))
  const { unlisted, idle } = judged(found, readFileSync(TABLE, 'utf8'))
  for (const each of idle) console.log(`no difference any more: ${each.command} --${each.flag}`)
  console.log(`${found.length} differences, ${unlisted.length} of them not in the table`)
  if (unlisted.length + idle.length > 0)
    throw new UserError(['not as in the table:', ...unlisted.map(text)].join('\n  '))
})
