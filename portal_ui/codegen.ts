import { readdirSync } from "node:fs";
import type { CodegenConfig } from "@graphql-codegen/cli";
import { addTypenameSelectionDocumentTransform } from "@graphql-codegen/client-preset";

/** Each part has documents and types of its own, so that the first page does not carry the documents of the others. */
const parts = ["session", "account", "client", "staff"].filter((part) =>
  readdirSync(`src/${part}`, { recursive: true }).some((file) => String(file).endsWith(".graphql")),
);

const config: CodegenConfig = {
  schema: "../gateway/schema/schema.graphql",
  ignoreNoDocuments: true,
  generates: Object.fromEntries(
    parts.map((part) => [
      `src/${part}/gql/`,
      {
        preset: "client",
        documentTransforms: [addTypenameSelectionDocumentTransform],
        documents: [`src/${part}/**/*.graphql`],
        presetConfig: {
          fragmentMasking: false,
          persistedDocuments: { mode: "embedHashInDocument", hashAlgorithm: "sha256" },
        },
        config: {
          useTypeImports: true,
          enumsAsTypes: true,
          onlyOperationTypes: true,
          defaultScalarType: "string",
          scalars: { Currency: "string", Decimal: "string", Date: "string", DateTime: "string" },
        },
      },
    ]),
  ),
};

export default config;
