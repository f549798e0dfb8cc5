/** One system that `flotilla init` can write into a stack file: a service, what it needs, and what it gives to the others. */
export interface Template {
  /** The service's name, too. */
  name: string
  /** One line for lists and for the stack file, without a full stop. */
  summary: string
  /** A tag that is published, with the version that the service's data depends on. */
  image: string
  role: Role
  /** Comment lines about using the service. */
  notes?: readonly string[]
  /** Runs as another user than the image's. */
  user?: string
  command?: readonly string[]
  /** Values as in a stack file: `${NAME}` is a variable, `$$` a dollar sign. */
  environment?: Readonly<Record<string, string>>
  /** Variables of the file `.env` that get a generated value, each with its purpose. */
  secrets?: Readonly<Record<string, string>>
  /** Variables of the file `.env` that hold the ids of the user on this machine. */
  ids?: { user: string; group: string }
  ports: readonly Port[]
  mounts?: readonly Mount[]
  health: Health
  /** Further lines of the service, as they are written in the stack file. */
  settings?: readonly string[]
  /** The environment variables with which other services find this one. */
  gives?: Readonly<Record<string, string>>
  /** The services that this one connects to, if they are in the stack. */
  connects?: readonly Role[]
  /** Further environment variables if it connects to other services; the first of them is given. */
  connected?: (first: Template) => Readonly<Record<string, string>>
  /** Comment lines on how to connect to these services. */
  drivers?: (others: readonly Template[]) => readonly string[]
  /** The packages with which programs use this service. */
  packages?: { python: string; r: string }
}

/** What others can do with a service. */
export type Role = 'mysql' | 'postgresql' | 'graph' | 'store' | 'workplace'

export const DATABASES: readonly Role[] = ['mysql', 'postgresql', 'graph', 'store']

export interface Port {
  /** The variable of `.env` that overrides the port on this machine. */
  variable: string
  container: number
  /** The preferred port on this machine: another one if it is taken. By default the container's. */
  host?: number
}

/** A named volume, or a folder beside the stack file. */
export type Mount = { volume: string; at: string } | { folder: string; at: string; readOnly?: true; why: string }

export interface Health {
  /** Comment lines about the test. */
  why: readonly string[]
  /** Words of a program in the image, or a line for its shell. */
  test: readonly string[] | string
  /** How long the first start may take, as a duration. */
  start: string
}

/** A variable that the stack cannot do without. */
export function required(variable: string): string {
  return `\${${variable}:?is missing in the file .env}`
}
