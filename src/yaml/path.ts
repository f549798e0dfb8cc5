import type { Path } from './tree.ts'

/** A path as users write it: `services.web.ports[0]`. Keys that hold a dot, a bracket or a space are quoted. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`
    const key = /[.[\]\s"]/.test(step) || step === '' ? JSON.stringify(step) : step
    return text === '' ? key : `${text}.${key}`
  }, '')
}
