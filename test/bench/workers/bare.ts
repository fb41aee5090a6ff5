/** The least a Worker can be: nothing is imported, and nothing asked of the platform. */
export default {
  fetch: () => new Response("{}", { headers: { "content-type": "application/json" } }),
} satisfies ExportedHandler;
