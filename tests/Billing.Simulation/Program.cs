using Billing.Simulation.Runs;

// The runtime's own start-up leaves no synchronization context here, and each run stays on the thread that it was begun on.
return CommandLine.Run(args);
