export interface Sample {
  name: string
  /** Another name for it. */
  alias?: string
  folder: string
  /** The words that bring it up. */
  up: string[]
  /** What it is, in one sentence. */
  line: string
  /** Whether stand-in.yaml replaces its official images. */
  standIn: boolean
}

export const SAMPLES_FOLDER: string

/** Names in the order in which they teach; stacks of collections last. */
export function sampleNames(): string[]

/** Names of the stacks of a collection; none for other names. */
export function stacksOf(collection: string): string[]

/** The images of a model's services that only a registry has: the others are built. */
export function pulledImages(model: { services: Record<string, { image?: string; build?: unknown }> }): string[]

export function sampleNamed(name: string): Sample
