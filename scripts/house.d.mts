/** Where the picture stands. */
export const PICTURE: string
/** The folders of src on their floors, as SVG text; the same for the same imports. */
export function drawHouse(): string
