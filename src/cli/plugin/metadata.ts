/** The version of `docker compose` whose behaviour flotilla implements: clients compare it with their requirements. */
export const COMPOSE_VERSION = '5.5.0'

/** The plugin metadata that docker reads (docker/cli, cli-plugins/metadata, `Metadata`), as one line of JSON. */
export function metadataOf(plugin: string | undefined, version: string): string {
  return JSON.stringify({
    SchemaVersion: '0.1.0',
    Vendor: 'flotilla',
    Version: plugin === 'compose' ? composeVersion(version) : version,
    ShortDescription: 'Bring up and keep stacks of containers, from one Compose file',
  })
}

/** Compose's version with flotilla's own version as build metadata (https://semver.org/#spec-item-10). */
export function composeVersion(own: string): string {
  return `${COMPOSE_VERSION}+flotilla.${own.replaceAll('+', '.')}`
}
