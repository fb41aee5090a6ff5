/** A deployment that must not go on, in words for the person at the terminal. */
export class DeployRefused extends Error {}
