import { basename } from 'node:path'
import type { SourcesSpec } from '../../port.ts'
import { readDockerfileText, readIgnoreFile } from './source-files.ts'

export interface Dockerfile {
  /** The bare file name: the builder's messages quote it. */
  name: string
  text: string
  /** The text of `<Dockerfile>.dockerignore`, or else of the context's `.dockerignore`. */
  ignore?: string
}

/** The Dockerfile of a build whose context is a directory. @throws StackError if a file exists but cannot be read. */
export function readDockerfile(spec: SourcesSpec): Dockerfile {
  const ignore = readIgnoreFile(spec)
  const more = ignore === undefined ? {} : { ignore }
  if (spec.dockerfileInline !== undefined) return { name: 'Dockerfile', text: spec.dockerfileInline, ...more }
  return { name: basename(spec.dockerfile), text: readDockerfileText(spec), ...more }
}

/**
 * Detects syntax that only BuildKit supports (https://docs.docker.com/reference/dockerfile/): mounts, modes, here-documents, a
 * frontend.
 */
export function needsBuildKit(text: string): boolean {
  return (
    /^#\s*syntax\s*=/im.test(text) ||
    /^\s*(RUN|COPY|ADD)\s+--(mount|chmod|link|network|security|parents|exclude)\b/im.test(text) ||
    /^\s*(RUN|COPY|ADD)\b.*<<-?["']?\w/im.test(text)
  )
}

/**
 * Prepends one stage per named context, based on the context's image, so that `FROM`, `COPY --from` and `--mount=from=` find it. A
 * named context overrides a stage of the same name, as in BuildKit.
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

/** A context's name may be invalid as a stage name, e.g. an image reference. */
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
