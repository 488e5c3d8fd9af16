/**
 * What tests of every module share: a throwaway node for each test, a look at the kernel that does
 * not use the code under test, and the conformance suite that every datapath has to pass.
 */
package dev.sluice.testkit;
