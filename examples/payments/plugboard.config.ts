import { config } from "plugboard";

export default config({
  target: { edition: "onPremises" },
});
