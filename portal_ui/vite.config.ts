import react from "@vitejs/plugin-react";
import { defineConfig, type Connect, type Plugin } from "vite";

/** The portal that `npm run dev` talks to: start it with `./portal up --origin http://localhost:5173`. */
const portal = process.env["PORTAL"] ?? "http://localhost:8080";

const said = { gateway: "/graphql", subscriptions: "/graphql", paymentForm: process.env["PAYMENT_FORM"] ?? null, slug: null };
const proxy = { "/graphql": { target: portal, ws: true } };

function answer(middlewares: Connect.Server): void {
  middlewares.use("/portal-config.json", (_request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(said));
  });
}

/** Answers `/portal-config.json` as the portal does, so that pages of the dev server find the gateway. */
const configuration: Plugin = {
  name: "portal-config",
  configureServer: (server) => answer(server.middlewares),
  configurePreviewServer: (server) => answer(server.middlewares),
};

export default defineConfig({
  plugins: [react(), configuration],
  server: { port: 5173, strictPort: true, proxy },
  preview: { port: 5173, strictPort: true, proxy },
  build: {
    target: "es2022",
    sourcemap: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
});
