/** The `docker compose` of this machine as the words that start it, with its version. */
export function findCompose(): Promise<{ words: string[]; version: string } | undefined>
