import { isLiteral, type Range } from './secret-shapes.ts'
import { bareWord, commandLines, isSeparator, type Word } from './shell-words.ts'

/** An option that passes a secret to a program although the option's name does not suggest it. */
interface Convention {
  programs: RegExp
  /** The secret is the first group, or else the next word. */
  option: RegExp
  /** The separator between a user name and the secret. */
  behind?: string
  /** Applies only after this word: elsewhere, the option has another meaning. */
  after?: string
}

const CONVENTIONS: readonly Convention[] = [
  {
    programs: /^(?:mysql(?:admin|dump|check|import|show|slap|pump|binlog|_upgrade)?|mariadb(?:-\w+)*)$/,
    option: /^-p(.+)$/ds,
  },
  { programs: /^mongo(?:sh|dump|restore|import|export|stat|top|files)?$/, option: /^-p(.*)$/ds },
  {
    programs: /^(?:sshpass|cypher-shell|cqlsh|cbq|couchbase-cli|rabbitmqadmin|mysqlsh|isql-fb)$/,
    option: /^-p(.*)$/ds,
  },
  { programs: /^(?:sqlcmd|bcp|tsql|isql|ipmitool|mosquitto_(?:pub|sub|rr)|zip|unzip)$/, option: /^-P(.*)$/ds },
  { programs: /^(?:redis|valkey|keydb)-cli$/, option: /^-a$/d },
  { programs: /^ldap(?:search|add|modify|delete|whoami|passwd|compare)$/, option: /^-w(.*)$/ds },
  { programs: /^7za?$/, option: /^-p(.+)$/ds },
  { programs: /^openssl$/, option: /^pass:(.+)$/ds },
  { programs: /^(?:docker|podman|nerdctl|buildah|skopeo|helm|oras|crane)$/, option: /^-p(.*)$/ds, after: 'login' },
  {
    programs: /^(?:curl|etcdctl)$/,
    option: /^(?:-[a-zA-Z]*[uU]|--(?:proxy-)?user)$|^(?:-u|--(?:proxy-)?user=)(.+)$/ds,
    behind: ':',
  },
  { programs: /^https?$/, option: /^-a(.*)$/ds, behind: ':' },
  { programs: /^smbclient$/, option: /^-U(.*)$/ds, behind: '%' },
  { programs: /^lftp$/, option: /^-u(.*)$/ds, behind: ',' },
  { programs: /^(?:sqlplus|expdp|impdp|sqlldr)$/, option: /^[^/\s-][^/\s]*\/([^\s@]+)/d },
]

/** The position of the secret after certain words, not counting options. */
const PLACES: readonly [program: RegExp, words: RegExp, place: number][] = [
  [/^mc$/, /^alias s(?:et)? /, 5],
  [/^mc$/, /^config host add /, 6],
  [/^rabbitmqctl$/, /^(?:add_user|change_password|authenticate_user) /, 2],
  [/^vault$/, /^login /, 1],
  [/^grafana(?:-cli)?$/, /^admin reset-admin-password /, 2],
]

const PROGRAM =
  /(?:mysql|mariadb|mongo|sshpass|cypher-shell|cqlsh|cbq|couchbase-cli|rabbitmq|isql|sqlcmd|bcp|ipmitool|mosquitto_|zip|-cli|ldap|7z|openssl|docker|podman|nerdctl|buildah|skopeo|helm|oras|crane|curl|etcdctl|http|smbclient|lftp|sqlplus|expdp|impdp|sqlldr|\bmc|vault|grafana)/

/** More words than there are between a program and its secret. */
const MOST_WORDS = 64

/** The ranges in which a text passes a secret to a program, e.g. `mysqladmin ping -pSECRET`. */
export function programRanges(text: string): Range[] {
  if (!/\s/.test(text) || !PROGRAM.test(text)) return []
  return commandLines(text).flatMap((words) =>
    handed(words.map(bareWord)).map(({ start, end }) => [start, end] as const),
  )
}

/** The same for the words of a command line, with offsets relative to each word. */
export function programWordRanges(words: readonly string[]): [index: number, range: Range][] {
  if (!words.some((word) => PROGRAM.test(word))) return []
  const line = words.map((text) => ({ text, start: 0 }))
  return handed(line).map(({ word, start, end }) => [line.indexOf(word), [start, end]])
}

interface Handed {
  word: Word
  start: number
  end: number
}

function handed(words: readonly Word[]): Handed[] {
  const found: Handed[] = []
  for (let at = 0; at < words.length; at++) {
    const program = programAt(words[at])
    const known = CONVENTIONS.filter(({ programs }) => programs.test(program))
    const places = PLACES.filter(([pattern]) => pattern.test(program))
    if (known.length + places.length === 0) continue
    const rest = words.slice(at + 1, at + 1 + MOST_WORDS)
    const end = rest.findIndex(isSeparator)
    const given = end < 0 ? rest : rest.slice(0, end)
    found.push(...known.flatMap((each) => byOption(given, each)), ...places.flatMap((each) => byPlace(given, each)))
  }
  return found
}

function programAt(word: Word | undefined): string {
  return word
    ? (bareWord(word)
        .text.replace(/[\]}),:]+$/, '')
        .split('/')
        .at(-1) ?? '')
    : ''
}

function byOption(given: readonly Word[], { option, behind, after }: Convention): Handed[] {
  if (after !== undefined && !given.some(({ text }) => text === after)) return []
  return given.flatMap((word, index) => {
    const found = option.exec(word.text)
    const next = given[index + 1]
    const { 1: joined } = found?.indices ?? []
    if (joined && joined[1] > joined[0]) return secretIn(word, joined, behind)
    return found && next && !next.text.startsWith('-') ? secretIn(next, [0, next.text.length], behind) : []
  })
}

function byPlace(given: readonly Word[], [, words, place]: (typeof PLACES)[number]): Handed[] {
  const plain = given.filter(({ text }) => !text.startsWith('-'))
  const word = plain[place]
  return word && words.test(plain.map(({ text }) => `${text} `).join('')) ? secretIn(word, [0, word.text.length]) : []
}

/** The secret in part of a word: the text after the separator, without quotes. */
function secretIn(word: Word, [from, to]: Range, behind?: string): Handed[] {
  const at = behind === undefined ? from : word.text.indexOf(behind, from) + 1
  if (behind !== undefined && at === 0) return []
  const value = bareWord({ text: word.text.slice(at, to), start: word.start + at })
  return isLiteral(value.text) ? [{ word, start: value.start, end: value.start + value.text.length }] : []
}
