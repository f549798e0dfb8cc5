import { basename, resolve } from 'node:path'
import type { BuildSpec } from '../../port.ts'
import { readSmallFile, readSmallFileIfAny } from '../../small-file.ts'

export interface Dockerfile {
  /** Its name alone: the builder's messages quote it. */
  name: string
  text: string
  /** Of `<Dockerfile>.dockerignore`, which goes before the context's own. */
  ignore?: string
}

/** The Dockerfile of a build whose context is a directory. Throws what reading it throws. */
export async function readDockerfile(spec: BuildSpec): Promise<Dockerfile> {
  if (spec.dockerfileInline !== undefined) return { name: 'Dockerfile', text: spec.dockerfileInline }
  const path = resolve(spec.context, spec.dockerfile)
  const text = readSmallFile(path).toString('utf8')
  const ignore = readSmallFileIfAny(`${path}.dockerignore`)?.toString('utf8')
  return { name: basename(path), text, ...(ignore !== undefined && { ignore }) }
}

/** What only BuildKit understands (https://docs.docker.com/reference/dockerfile/): mounts, modes, here-documents, a frontend. */
export function needsBuildKit(text: string): boolean {
  return (
    /^#\s*syntax\s*=/im.test(text) ||
    /^\s*(RUN|COPY|ADD)\s+--(mount|chmod|link|network|security|parents|exclude)\b/im.test(text) ||
    /^\s*(RUN|COPY|ADD)\b.*<<-?["']?\w/im.test(text)
  )
}

/**
 * The text with stages before its first that stand for named contexts, by the image of each, so that `FROM`, `COPY --from` and
 * `--mount=from=` find them. A stage of the text with such a name gives way, as with BuildKit's own named contexts.
 */
export function withContexts(text: string, images: Record<string, string>): string {
  const names = Object.keys(images)
  if (names.length === 0) return text
  const lines = text.split('\n')
  const first = lines.findIndex((line) => /^\s*FROM\s/i.test(line))
  const stages = names.map((name, index) => `FROM ${images[name]} AS ${stageFor(index)}`)
  const renamed = lines.map((line) =>
    names.reduce((changed, name, index) => refer(changed, name, stageFor(index)), line),
  )
  return [...renamed.slice(0, first), ...stages, ...renamed.slice(first)].join('\n')
}

/** A name may be one that no stage can have, e.g. an image's. */
function stageFor(index: number): string {
  return `flotilla-context-${index}`
}

function refer(line: string, name: string, stage: string): string {
  const quoted = name.replaceAll(/[^\w]/g, '\\$&')
  return line
    .replace(new RegExp(`^(\\s*FROM\\s+(?:--\\S+\\s+)*)${quoted}(?=\\s|$)`, 'i'), `$1${stage}`)
    .replace(new RegExp(`(--from=)${quoted}(?=\\s|$)`, 'gi'), `$1${stage}`)
    .replace(new RegExp(`(\\bfrom=)${quoted}(?=[,\\s]|$)`, 'gi'), `$1${stage}`)
}
