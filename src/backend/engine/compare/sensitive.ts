import type { ContainerDetail } from '../../../docker/port.ts'
import type { ContainerSpec } from '../../../docker/spec.ts'
import { redactWords } from '../../../redact/redact.ts'
import { SHORTEST } from '../../../redact/whole-word.ts'
import { namesSecret } from '../../../stack/secret-names.ts'
import { MASK, passwordsIn, type Sensitive, secretsInText, secretsInWords } from '../../../stack/sensitive.ts'
import { COMPOSE, OURS } from '../../docker/labels.ts'
import { recordedPaths } from '../../docker/secret-paths.ts'
import { mapping } from './readings/words.ts'

/** A container's secrets, found from its own variables and labels: for reports without a stack file. */
export function sensitiveOf(detail: ContainerDetail): Sensitive {
  const { spec, labels, name, image } = detail
  const env = Object.entries(mapping(spec.Env, '='))
  const paths = recordedPaths(labels[OURS.masked])
  const recorded = env.filter(([key]) => paths.includes(`environment.${key}`)).map(([, value]) => value)
  const held = [...secretsHeld(spec), ...recorded, ...wordsAt(paths, spec)]
  const open = env.map(([, value]) => value).filter((value) => !held.includes(value))
  const own = [
    name,
    image,
    ...image.split(/[^\p{L}\p{N}]+/u),
    labels[COMPOSE.project],
    labels[COMPOSE.service],
    spec.User,
  ]
  const names = new Set([...open, ...own].filter((each): each is string => !!each))
  const values = held.filter((value) => value.length >= SHORTEST && !names.has(value))
  return { values: new Set(values), paths: new Set(), known: new Set(held.filter((value) => value !== '')), names }
}

/** Values that their names mark as secret: variables, labels and command options, plus passwords in URLs. */
export function secretsHeld({ Env, Labels, Cmd, Entrypoint, Healthcheck }: ContainerSpec): string[] {
  const pairs = [...Object.entries(mapping(Env, '=')), ...Object.entries(Labels ?? {})]
  const named = pairs.filter(([name]) => namesSecret(name)).map(([, value]) => value)
  const lines = [[...(Entrypoint ?? []), ...(Cmd ?? [])], Healthcheck?.Test ?? []]
  const texts = [...pairs.map(([, value]) => value), ...lines.flat()]
  return [...named, ...lines.flatMap(secretsInWords), ...texts.flatMap(passwordsIn), ...texts.flatMap(secretsInText)]
}

/** A container's command without secrets, in the format of the engine's list. */
export function openCommand(detail: ContainerDetail): string {
  const { Cmd, Entrypoint } = detail.spec
  const sensitive = sensitiveOf(detail)
  const secret = new Set(wordsAt(recordedPaths(detail.labels[OURS.masked]), detail.spec))
  const words = [...(Entrypoint ?? []), ...(Cmd ?? [])]
  const open = redactWords(words, sensitive).map((word, index) => (secret.has(words[index] ?? '') ? MASK : word))
  return open.map((word) => (word.includes(' ') ? `'${word}'` : word)).join(' ')
}

/** The words of the command that contained secrets, e.g. `command[2]`; older labels name only the whole list. */
function wordsAt(paths: readonly string[], { Cmd, Entrypoint }: ContainerSpec): string[] {
  const lists: [string, readonly string[]][] = [
    ['command', Cmd ?? []],
    ['entrypoint', Entrypoint ?? []],
  ]
  return lists.flatMap(([key, words]) =>
    paths.includes(key) ? words.slice(1) : words.filter((_, index) => paths.includes(`${key}[${index}]`)),
  )
}
