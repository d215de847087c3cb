/** The package's version, put in by the build. */
declare const PLUGBOARD_VERSION: string;
