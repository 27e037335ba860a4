// PostGraphile as it is set up for production: no watching, no GraphiQL, no explaining.
import { createServer } from "node:http";
import { PgAggregatesPreset } from "@graphile/pg-aggregates";
import { PgSimplifyInflectionPreset } from "@graphile/simplify-inflection";
import pg from "pg";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { jsonPgSmartTags } from "postgraphile/utils";
import { PostGraphileConnectionFilterPreset } from "postgraphile-plugin-connection-filter";

// As many connections as the load has: held, and all opened before the first request.
const SIZE = 16;
const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  max: SIZE,
  min: SIZE,
  idleTimeoutMillis: 0,
});
const opened = await Promise.all(Array.from({ length: SIZE }, () => pool.connect()));
for (const client of opened) client.release();

// What the summaries say of which region, and of which honour: they have no foreign keys.
const summaries = ["worker", "studio", "competition", "conferral", "outcome"].map((name) => {
  const keys = ["(region_id) references region (id)"];
  if (name === "conferral") keys.push("(honour_id) references honour (id)");
  return [`public.${name}_summary_above`, { tags: { foreignKey: keys } }];
});

// The member of an alliance is of one of three kinds: a union, as in our schema.
const member = jsonPgSmartTags({
  version: 1,
  config: {
    class: {
      "public.alliance_membership": {
        tags: {
          ref: "member to:Member singular",
          refVia: [
            "member via:(studio_id)->studio(id)",
            "member via:(organisation_id)->organisation(id)",
            "member via:(academy_id)->academy(id)",
          ],
        },
      },
      "public.studio": { tags: { unionMember: "Member" } },
      "public.organisation": { tags: { unionMember: "Member" } },
      "public.academy": { tags: { unionMember: "Member" } },
      ...Object.fromEntries(summaries),
    },
  },
});

const preset = {
  extends: [
    PostGraphileAmberPreset,
    PgSimplifyInflectionPreset,
    PostGraphileConnectionFilterPreset,
    // Only where aggregates are asked for: nothing else is to pay for them.
    ...(process.env.AGGREGATES ? [PgAggregatesPreset] : []),
  ],
  // No global ids, which are named `id` as well; and lists may be filtered by what has no index.
  plugins: [member],
  disablePlugins: ["NodePlugin", "PgIndexBehaviorsPlugin"],
  pgServices: [makePgService({ pool, schemas: ["public", "benchmark"] })],
  schema: { dontSwallowErrors: true },
  grafserv: { graphqlPath: "/graphql", watch: false, graphiql: false, websockets: false },
  grafast: { explain: false },
};

const server = createServer();
server.on("error", (error) => {
  console.error(error);
  process.exit(1);
});
const peer = postgraphile(preset);
if (process.argv.includes("--print")) {
  const { printSchema } = await import("graphql");
  console.log(printSchema(await peer.getSchema()));
  process.exit(0);
}
await peer.createServ(grafserv).addTo(server);
server.listen(Number(process.env.PORT), "127.0.0.1");
