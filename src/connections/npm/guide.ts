import type { Guide } from "../../contract/define.js";

export const guide: Guide = {
  summary: "Gives Node.js build steps access to an npm registry.",
  uses: ["NPM Registry Connection build feature, for Node.js steps"],
  rights: ["a token that may read the packages, and publish them where builds do"],
  steps: [
    "Create an access token at the registry: the way differs between npm, GitHub Packages and others.",
    "Store it as the secret of token.",
    "Name the connection in the build feature of each build configuration that needs it.",
  ],
  notes: [
    "With several registries in a project each connection needs a scope, and a build takes one connection per scope.",
    "Without a scope a step can still choose another registry: `npm install --registry URL`.",
    "A test finds out whose token it is and whether packages can be read. Publishing is not tried.",
    "Tokens that may write to npm's public registry live 90 days at most, and a token can be limited to IP addresses: a test elsewhere says nothing about the build agents then.",
    "TeamCity has a default address for an absent `url`. Its text is not confirmed, presumably it is npm's public registry, and that is what a test asks.",
  ],
};
